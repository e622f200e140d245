#!/usr/bin/env python3
"""Makes clock_table.tsv: due times found by walking minute by minute with Python's own zone data.

Independent of the crate: other language, other zone library, other algorithm. Holidays are those of the rows below.
Run: python3 crates/core/tests/clock_table.py > crates/core/tests/clock_table.tsv
"""
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

# What the crate's calendar of the test also says (clock_table.rs).
OFF = {date(2024, 1, 1), *(date(2024, 2, d) for d in range(10, 18)), date(2024, 10, 1), date(2024, 10, 2), date(2024, 10, 3), date(2024, 10, 4), date(2024, 10, 7)}
WORK = {date(2024, 2, 4), date(2024, 2, 18), date(2024, 9, 29), date(2024, 10, 12)}
HOURS = [(9 * 60, 12 * 60), (14 * 60, 17 * 60 + 30)]
MINUTE = timedelta(minutes=1)
UTC = timezone.utc


def works(day):
    return day not in OFF and (day.weekday() < 5 or day in WORK)


def due(zone, start, unit, amount, pauses):
    at, used, first = start, 0, start.astimezone(zone).date()
    while True:
        wall, next_wall = at.astimezone(zone), (at + MINUTE).astimezone(zone)
        paused = any(a <= at < b for a, b in pauses)
        day, minute = wall.date(), wall.hour * 60 + wall.minute
        ends = next_wall.date() != day
        if not paused:
            if unit == "natural_hours":
                used += 1
            elif unit == "working_hours":
                used += works(day) and any(a <= minute < b for a, b in HOURS)
            elif unit == "natural_days":
                used += ends and day != first
            else:
                used += ends and day != first and works(day)
        at += MINUTE
        if used >= amount * (60 if unit.endswith("hours") else 1):
            return at


ZONES = ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"]
# On the wall: leap day, both changes of clocks of Berlin and New York, midnight, the noon rest, holidays, year's end.
STARTS = ["2024-02-28 23:59", "2024-02-29 12:00", "2024-03-08 17:29", "2024-03-10 00:00", "2024-03-30 23:30", "2024-09-30 09:00",
          "2024-10-26 14:00", "2024-11-02 20:00", "2024-02-09 16:45", "2023-12-29 11:59"]
BUDGETS = [("natural_hours", 24), ("natural_hours", 1), ("natural_days", 3), ("working_days", 2), ("working_days", 5), ("working_hours", 8), ("working_hours", 20)]


def instant(zone, text):
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=zone).astimezone(UTC)


def stamp(at):
    return at.strftime("%Y-%m-%dT%H:%M:00Z")


print("zone\tstart\tunit\tamount\tpauses\tdue")
for name in ZONES:
    zone = ZoneInfo(name)
    for i, text in enumerate(STARTS):
        start = instant(zone, text)
        for j, (unit, amount) in enumerate(BUDGETS):
            k = i * len(BUDGETS) + j
            pauses = []
            if k % 3 == 1:
                pauses = [(start + timedelta(minutes=90), start + timedelta(hours=30))]
            if k % 3 == 2:
                pauses = [(start + timedelta(hours=7), start + timedelta(hours=9)), (start + timedelta(hours=8), start + timedelta(days=4))]
            told = " ".join(f"{stamp(a)}/{stamp(b)}" for a, b in pauses) or "-"
            print("\t".join([name, stamp(start), unit, str(amount), told, stamp(due(zone, start, unit, amount, pauses))]))
