"""The network as a line diagram: octilinear, deterministic, readable."""

from __future__ import annotations

import math
import random
import re
from itertools import combinations

import pytest
from flask import Flask

from app.network.city_map import end_of_line_map, line_map
from app.network.line_drawing import draw
from app.network.line_labels import Box, Ground, Name, place
from app.network.line_map import Stop, founding_stops, lay_out, place_of
from app.network.models import City
from app.network.octilinear import cells_on, is_octilinear, path_between, rounded

pytestmark = pytest.mark.any_engine

SALZBURG = Stop("salzburg", "Salzburg", 47.80, 13.04)
PORTO = Stop("porto", "Porto", 41.15, -8.61)
TARTU = Stop("tartu", "Tartu", 58.38, 26.72)
GHENT = Stop("ghent", "Ghent", 51.05, 3.72)


def many(count: int, seed: int = 7) -> list[Stop]:
    """Founding cities and others anywhere between Lisbon and Helsinki."""
    chance = random.Random(seed)
    return [
        *founding_stops(),
        *(
            Stop(f"city-{n}", f"City {n}", chance.uniform(36, 64), chance.uniform(-10, 28))
            for n in range(count)
        ),
    ]


@pytest.mark.parametrize("count", [0, 1, 12, 60, 192])
def test_lines_run_level_upright_or_slanting(count: int) -> None:
    diagram = lay_out(many(count))

    assert [line.path for line in diagram.lines if not is_octilinear(line.path)] == []


@pytest.mark.parametrize("count", [0, 1, 12, 60, 192])
def test_no_two_cities_share_a_cell(count: int) -> None:
    diagram = lay_out(many(count))

    assert len(set(diagram.cells.values())) == len(diagram.cells) == count + 8


@pytest.mark.parametrize("count", [12, 60, 192])
def test_every_city_stands_on_a_line(count: int) -> None:
    diagram = lay_out(many(count))
    served = {cell for line in diagram.lines for cell in cells_on(line.path)}

    assert set(diagram.cells.values()) - served == set()


def test_twenty_cities_in_one_street_still_find_room() -> None:
    crowd = [Stop(f"c{n}", f"C{n}", 47.07, 15.44) for n in range(20)]
    diagram = lay_out([*founding_stops(), *crowd])

    assert len(set(diagram.cells.values())) == 28


def test_same_cities_give_the_same_map() -> None:
    draw.cache_clear()
    first = draw(tuple(many(40)), "x")
    draw.cache_clear()

    assert draw(tuple(many(40)), "x") == first


def test_founding_cities_stay_where_they_were_set() -> None:
    alone, with_others = lay_out(founding_stops()), lay_out([*founding_stops(), SALZBURG, PORTO])

    assert {key: with_others.cells[key] for key in alone.cells} == alone.cells


def test_new_city_stands_on_the_right_side_of_its_neighbours() -> None:
    cells = lay_out([*founding_stops(), SALZBURG, PORTO, TARTU, GHENT]).cells

    assert cells["porto"][0] < cells["barcelona"][0]
    assert cells["tartu"][0] > cells["lund"][0]
    assert cells["nuremberg"][1] <= cells["salzburg"][1]
    assert cells["ghent"][1] > cells["utrecht"][1]


def test_german_names_are_known() -> None:
    stops = [Stop("nuernberg", "Nürnberg", 49.45, 11.08), Stop("wien", "Wien", 48.21, 16.37)]

    assert lay_out(stops).cells == {"nuernberg": (11, 7), "wien": (15, 8)}


def test_route_is_cut_where_no_member_is() -> None:
    york, utrecht = (s for s in founding_stops() if s.key in {"york", "utrecht"})
    lines = [line.path for line in lay_out([york, utrecht]).lines if not line.is_open]

    assert lines == [((2, 2), (4, 2), (6, 4))]


def test_network_without_founding_city_is_drawn() -> None:
    diagram = lay_out([PORTO, TARTU, GHENT])

    assert [len(diagram.cells), len(diagram.lines)] == [3, 2]


def test_no_city_is_an_empty_sheet() -> None:
    assert draw((), "Nothing").startswith('<svg class="netmap few" viewBox=')


@pytest.mark.parametrize("latitude", [-90, 0, 90])
@pytest.mark.parametrize("longitude", [-180, 0, 180])
def test_far_places_stay_on_the_sheet(latitude: float, longitude: float) -> None:
    x, y = place_of(latitude, longitude)

    assert [-6 <= x <= 23, -4 <= y <= 17] == [True, True]


def test_two_hundred_cities_all_have_their_stop() -> None:
    cities = tuple(many(192, seed=11))

    drawn = draw(cities, "x")

    assert drawn.count("<circle") == 200


@pytest.mark.parametrize("count", [0, 12, 60, 192])
def test_names_do_not_overlap(count: int) -> None:
    svg = draw(tuple(many(count)), "x")
    size = 15.0 if "few" in svg[:40] else 11.5
    boxes = [box_of(match, size) for match in TEXT.finditer(svg)]

    assert [pair for pair in combinations(boxes, 2) if pair[0].meets(pair[1])] == []


TEXT = re.compile(r'<text x="([-\d.]+)" y="([-\d.]+)" text-anchor="(\w+)"[^>]*>([^<]*)<')


def box_of(match: re.Match[str], size: float) -> Box:
    x, y, anchor, text = float(match[1]), float(match[2]), match[3], match[4]
    width = len(text) * 0.5 * size
    left = {"start": x, "end": x - width, "middle": x - width / 2}[anchor]
    return Box(left, y - 0.8 * size, left + width, y + 0.1 * size)


def test_founding_map_names_every_city() -> None:
    svg = draw(tuple(founding_stops()), "x")

    assert sorted(match[4] for match in TEXT.finditer(svg)) == sorted(
        stop.label for stop in founding_stops()
    )


def test_names_and_sentence_are_escaped() -> None:
    evil = Stop("evil", "<script>&\"'", 50.0, 5.0, lang='"><x')
    svg = draw((evil,), '"><script>')

    assert "<script>" not in svg
    assert '"><x' not in svg


def test_host_and_own_city_are_marked() -> None:
    svg = draw(tuple(founding_stops()), "x", "graz", "york")

    assert [svg.count('class="hub"'), svg.count('class="you"')] == [1, 1]
    assert 'class="t-hub">Graz</text>' in svg


@pytest.mark.parametrize("count", [0, 12, 60])
def test_marks_move_only_what_stands_in_their_way(count: int) -> None:
    stops = tuple(many(count))
    plain = texts_of(draw(stops, "x"))

    for stop in stops[::5]:
        svg = draw(stops, "x", you=stop.key)
        marked = texts_of(svg)
        size = 18.0 if "few" in svg[:40] else 15.0
        boxes = [
            box_of(match, size if "t-you" in match[0] else size * 0.77)
            for match in TEXT.finditer(svg)
        ]

        assert [pair for pair in combinations(boxes, 2) if pair[0].meets(pair[1])] == []
        assert svg.count("<circle") == len(stops)
        assert f'class="t-you">{stop.label}</text>' in svg
        assert len({text for text in plain if text not in marked}) < 5
    assert texts_of(draw(stops, "x", you="nobody")) == plain


def texts_of(svg: str) -> list[str]:
    return sorted(match[0] for match in TEXT.finditer(svg))


def test_name_without_room_is_left_out() -> None:
    ground = Ground([], [Box(-500, -500, 500, 500)], 50)

    assert place([Name("a", "A", (0, 0), 12, 4)], ground) == []


def test_corners_are_rounded() -> None:
    assert rounded([(0, 0), (10, 0), (10, 10)], 4) == "M0 0L6 0Q10 0 10 4L10 10"


def test_path_has_one_bend_at_most() -> None:
    assert path_between((0, 0), (5, 2), slant_first=True) == ((0, 0), (2, 2), (5, 2))
    assert path_between((0, 0), (5, 2), slant_first=False) == ((0, 0), (3, 0), (5, 2))
    assert path_between((0, 0), (3, 3), slant_first=True) == ((0, 0), (3, 3))


def city(slug: str, name: str, latitude: float, longitude: float) -> City:
    return City(
        slug=slug, names={"en": name}, languages=["de"], latitude=latitude, longitude=longitude
    )


def test_map_of_rows_says_what_it_shows(app: Flask) -> None:
    graz = city("graz", "Graz", 47.07, 15.44)
    york = city("york", "York", 53.96, -1.08)
    with app.test_request_context():
        svg = line_map([graz, york], hub=graz, you="york")

    assert (
        'aria-label="The network drawn as a line map with 2 cities. Graz hosts. York is your city."'
        in svg
    )


def test_line_of_lost_readers_ends_nowhere(app: Flask) -> None:
    with app.test_request_context():
        svg = end_of_line_map()

    assert "You are here" in svg
    assert svg.count('class="trk open"') == 1
    assert not any(math.isnan(float(match[1])) for match in TEXT.finditer(svg))
