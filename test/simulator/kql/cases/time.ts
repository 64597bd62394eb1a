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
  {
    claim: 'a Sunday starts its own week, which ends on Saturday',
    query: `samples | where n == 1 | project a = startofweek(datetime(2026-01-04)), b = startofweek(datetime(2026-01-03 23:59:59)), c = endofweek(datetime(2026-01-01)), d = startofweek(datetime(2026-01-04), -1)`,
    columns: 'a:datetime, b:datetime, c:datetime, d:datetime',
    rows: [['2026-01-04T00:00:00Z', '2025-12-28T00:00:00Z', '2026-01-03T23:59:59.9999999Z', '2025-12-28T00:00:00Z']],
  },
  {
    claim: 'ends of months and years, leap years too',
    query: `samples | where n == 1 | project a = endofmonth(datetime(2024-02-10)), b = endofmonth(datetime(2026-02-10)), c = endofyear(datetime(2026-05-05)), d = startofmonth(datetime(2026-01-31), 1), e = endofmonth(datetime(2026-01-15), -1)`,
    columns: 'a:datetime, b:datetime, c:datetime, d:datetime, e:datetime',
    rows: [
      [
        '2024-02-29T23:59:59.9999999Z',
        '2026-02-28T23:59:59.9999999Z',
        '2026-12-31T23:59:59.9999999Z',
        '2026-02-01T00:00:00Z',
        '2025-12-31T23:59:59.9999999Z',
      ],
    ],
  },
  {
    claim: 'datetime_add keeps to short months over years and quarters, and keeps the time',
    query: `samples | where n == 1 | project y = datetime_add('year', 1, datetime(2024-02-29)), q = datetime_add('quarter', 1, datetime(2025-11-30 08:00)), m = datetime_add('month', -1, datetime(2026-03-31)), w = datetime_add('week', 1, at), s = datetime_add('second', -1, at)`,
    columns: 'y:datetime, q:datetime, m:datetime, w:datetime, s:datetime',
    rows: [['2025-02-28T00:00:00Z', '2026-02-28T08:00:00Z', '2026-02-28T00:00:00Z', '2026-01-08T00:00:00Z', '2025-12-31T23:59:59Z']],
  },
  {
    claim: 'datetime_diff of quarters, minutes and backwards',
    query: `samples | where n == 1 | project q = datetime_diff('quarter', datetime(2026-04-01), datetime(2026-03-31)), m = datetime_diff('minute', datetime(2026-01-01 00:01), datetime(2026-01-01 00:00:59)), s = datetime_diff('second', datetime(2026-01-01), datetime(2026-01-01 00:00:30)), y = datetime_diff('year', datetime(2024-12-31), datetime(2026-01-01))`,
    columns: 'q:long, m:long, s:long, y:long',
    rows: [[1, 1, -30, -2]],
  },
  {
    claim: 'Sunday is day 0 of a week',
    query: `samples | where n == 1 | project a = dayofweek(datetime(2026-01-04)), b = dayofweek(datetime(2026-01-05)), c = dayofweek(datetime(2026-01-10))`,
    columns: 'a:timespan, b:timespan, c:timespan',
    rows: [['00:00:00', '1.00:00:00', '6.00:00:00']],
  },
  {
    claim: 'datetime_part of every part',
    query: `samples | where name == 'Beta' | project y = datetime_part('year', at), q = datetime_part('Quarter', at), m = datetime_part('month', at), d = datetime_part('day', at), n = datetime_part('dayOfYear', at), h = datetime_part('hour', at), s = datetime_part('second', at), ms = datetime_part('millisecond', at)`,
    columns: 'y:int, q:int, m:int, d:int, n:int, h:int, s:int, ms:int',
    rows: [[2026, 1, 1, 2, 2, 3, 5, 123]],
  },
  {
    claim: 'timespans add, scale and divide',
    query: `samples | where n == 1 | project a = 1d * 2, b = 36h / 2, c = 1d / 6h, d = 1h - 2h, e = 2 * 90m, f = -span`,
    columns: 'a:timespan, b:timespan, c:real, d:timespan, e:timespan, f:timespan',
    rows: [['2.00:00:00', '18:00:00', 4, '-01:00:00', '03:00:00', '-01:00:00']],
  },
  {
    claim: 'text of timespans: days and fraction only when there are any',
    query: `samples | where n == 1 | project a = tostring(1d), b = tostring(1d + 1ms), c = tostring(-1h), d = tostring(1tick), e = tostring(0s)`,
    columns: 'a:string, b:string, c:string, d:string, e:string',
    rows: [['1.00:00:00', '1.00:00:00.0010000', '-01:00:00', '00:00:00.0000001', '00:00:00']],
  },
  {
    claim: 'totimespan reads clock text and units and gives null for words',
    query: `samples | where n == 1 | project a = totimespan('1.02:03:04.5'), b = totimespan('01:30'), c = totimespan('never'), d = totimespan('2d')`,
    columns: 'a:timespan, b:timespan, c:timespan, d:timespan',
    rows: [['1.02:03:04.5000000', '01:30:00', null, '2.00:00:00']],
  },
  {
    claim: 'format_datetime with short parts and fractions',
    query: `samples | where name == 'Beta' | project a = format_datetime(at, 'yy-M-d H:m:s'), b = format_datetime(at, 'hh tt'), c = format_datetime(at, 'ss.fffffff'), d = format_datetime(datetime(2026-01-01 12:00), 'h tt')`,
    columns: 'a:string, b:string, c:string, d:string',
    rows: [['26-1-2 3:4:5', '03 AM', '05.1234567', '12 PM']],
  },
  {
    claim: 'bin to days and hours begins at midnight',
    query: `samples | where name == 'Beta' | project d = bin(at, 1d), s = bin(at, 30s), h = bin(at, 6h)`,
    columns: 'd:datetime, s:datetime, h:datetime',
    rows: [['2026-01-02T00:00:00Z', '2026-01-02T03:04:00Z', '2026-01-02T00:00:00Z']],
  },
  {
    claim: 'what is null has no parts and no text',
    query: `samples | where isnull(at) | project a = startofday(at), b = getyear(at), c = tostring(at), d = datetime_diff('day', now(), at), e = at - now(), f = tostring(span)`,
    columns: 'a:datetime, b:int, c:string, d:long, e:timespan, f:string',
    rows: [[null, null, '', null, null, '']],
  },
  {
    claim: 'a row older than a time ago',
    query: `samples | where at < ago(9.5d) | project name`,
    columns: 'name:string',
    rows: [['']],
  },
  {
    claim: 'a fraction of a Unix second',
    query: `samples | where n == 1 | project a = unixtime_seconds_todatetime(0.5), b = unixtime_milliseconds_todatetime(1)`,
    columns: 'a:datetime, b:datetime',
    rows: [['1970-01-01T00:00:00.5Z', '1970-01-01T00:00:00.001Z']],
  },
];
