import type { GoldenCase } from '../golden-case.ts';

export const timeCases: readonly GoldenCase[] = [
  {
    claim: 'now is the clock of the run and ago counts back from it',
    query: `samples | where n == 1 | project now(), week = ago(7d), later = now(90m)`,
    columns: 'Column1:datetime, week:datetime, later:datetime',
    rows: [['2026-01-10T12:00:00Z', '2026-01-03T12:00:00Z', '2026-01-10T13:30:00Z']],
  },
  {
    claim: 'times subtract to timespans and timespans to times',
    query: `samples | where name in ('alpha', 'Beta') | project age = now() - at, next = at + span, days = (now() - at) / 1d`,
    columns: 'age:timespan, next:datetime, days:real',
    rows: [
      ['9.12:00:00', '2026-01-01T01:00:00Z', 9.5],
      ['8.08:55:54.8765433', '2026-01-03T03:04:05.1234567Z', 8.37216292295486],
    ],
  },
  {
    claim: 'datetime_diff counts boundaries passed',
    query: `samples | where n == 1 | project y = datetime_diff('year', datetime(2026-01-01), datetime(2025-12-31)), m = datetime_diff('month', datetime(2026-03-01), datetime(2026-01-31)), w = datetime_diff('week', datetime(2026-01-11), datetime(2026-01-10)), d = datetime_diff('day', datetime(2026-01-02), datetime(2026-01-01 23:59)), h = datetime_diff('hour', datetime(2026-01-01 01:00), datetime(2026-01-01 02:30))`,
    columns: 'y:long, m:long, w:long, d:long, h:long',
    rows: [[1, 2, 1, 1, -1]],
  },
  {
    claim: 'starts and ends of periods',
    query: `samples | where name == 'Beta' | project day = startofday(at), week = startofweek(at), month = startofmonth(at), year = startofyear(at, 1), end = endofday(at)`,
    columns: 'day:datetime, week:datetime, month:datetime, year:datetime, end:datetime',
    rows: [
      ['2026-01-02T00:00:00Z', '2025-12-28T00:00:00Z', '2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z', '2026-01-02T23:59:59.9999999Z'],
    ],
  },
  {
    claim: 'bin of a datetime and of a timespan',
    query: `samples | where name == 'Beta' | project hour = bin(at, 1h), half = bin(span, 7h)`,
    columns: 'hour:datetime, half:timespan',
    rows: [['2026-01-02T03:00:00Z', '21:00:00']],
  },
  {
    claim: 'parts of a datetime',
    query: `samples | where name == 'Beta' | project y = getyear(at), m = monthofyear(at), d = dayofmonth(at), w = dayofweek(at), n = dayofyear(at), h = hourofday(at), p = datetime_part('minute', at)`,
    columns: 'y:int, m:int, d:int, w:timespan, n:int, h:int, p:int',
    rows: [[2026, 1, 2, '5.00:00:00', 2, 3, 4]],
  },
  {
    claim: 'datetime_add keeps to the end of a short month',
    query: `samples | where n == 1 | project m = datetime_add('month', 1, datetime(2026-01-31)), d = datetime_add('day', -1, at)`,
    columns: 'm:datetime, d:datetime',
    rows: [['2026-02-28T00:00:00Z', '2025-12-31T00:00:00Z']],
  },
  {
    claim: 'format_datetime with the usual parts',
    query: `samples | where name == 'Beta' | project a = format_datetime(at, 'yyyy-MM-dd HH:mm:ss.fff'), b = format_datetime(at, 'd/M/yy h:mm tt')`,
    columns: 'a:string, b:string',
    rows: [['2026-01-02 03:04:05.123', '2/1/26 3:04 AM']],
  },
  {
    claim: 'text of times has seven decimals',
    query: `samples | where name in ('alpha', 'Beta') | project at = tostring(at), span = tostring(span)`,
    columns: 'at:string, span:string',
    rows: [
      ['2026-01-01T00:00:00.0000000Z', '01:00:00'],
      ['2026-01-02T03:04:05.1234567Z', '1.00:00:00'],
    ],
  },
  {
    claim: 'todatetime reads ISO text with offsets and gives null for words',
    query: `samples | where n == 1 | project a = todatetime('2026-01-01T02:00:00+02:00'), b = todatetime('2026-01-01 05:06'), c = todatetime('never'), d = todatetime('')`,
    columns: 'a:datetime, b:datetime, c:datetime, d:datetime',
    rows: [['2026-01-01T00:00:00Z', '2026-01-01T05:06:00Z', null, null]],
  },
  {
    claim: 'a datetime in properties becomes one by conversion',
    query: `resources | where name == 'arc-02' | project old = todatetime(properties.lastStatusChange) < ago(2d)`,
    columns: 'old:bool',
    rows: [[true]],
  },
  {
    claim: 'Unix times',
    query: `samples | where n == 1 | project s = unixtime_seconds_todatetime(1767225600), ms = unixtime_milliseconds_todatetime(1767225600500)`,
    columns: 's:datetime, ms:datetime',
    rows: [['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.5Z']],
  },
];
