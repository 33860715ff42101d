"""`make bench-peers`: other forums of the package registry beside ours, in one run."""
