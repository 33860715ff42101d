"""The least that makes FlaskBB 2.2.0 start. Import it before FlaskBB.

Its signatures name types that it imports for type checkers only. Python 3.14 looks at signatures
later and does not mind; 3.12 and 3.13, which it asks for, end with a NameError. So its modules are
compiled as if each began with `from __future__ import annotations`.
"""

from __future__ import annotations
import __future__

import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType

LATER = __future__.annotations.compiler_flag


class Loader(SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType:
        """From the source: what pip compiled is without the flag."""
        path = self.get_filename(fullname)
        return compile(self.get_data(path), path, "exec", flags=LATER, dont_inherit=True)


class Finder(MetaPathFinder):
    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        if fullname.partition(".")[0] != "flaskbb":
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec and spec.origin and isinstance(spec.loader, SourceFileLoader):
            spec.loader = Loader(fullname, spec.origin)
        return spec


if sys.version_info < (3, 14):
    sys.meta_path.insert(0, Finder())
