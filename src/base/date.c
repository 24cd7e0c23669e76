#include "base/date.h"

#include <string.h>

enum { BEIJING_MS = 8 * 3600 * 1000, DAY_MS = 86400000 };

static bool leap(int y)
{
    return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

int day_days_in_month(int year, int month)
{
    static const signed char n[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    return month == 2 && leap(year) ? 29 : n[month - 1];
}

bool day_valid(int y, int m, int d)
{
    return y >= DAY_YEAR_MIN && y <= DAY_YEAR_MAX && m >= 1 && m <= 12 && d >= 1 &&
           d <= day_days_in_month(y, m);
}

/* Howard Hinnant's days_from_civil: years start in March so that the leap day comes last. */
Day day_make(int y, int m, int d)
{
    y -= m <= 2;
    int era = (y >= 0 ? y : y - 399) / 400;
    int yoe = y - era * 400;
    int doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

DayParts day_parts(Day z)
{
    int days = z + 719468;
    int era = (days >= 0 ? days : days - 146096) / 146097;
    int doe = days - era * 146097;
    int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int mp = (5 * doy + 2) / 153;
    int d = doy - (153 * mp + 2) / 5 + 1;
    int m = mp < 10 ? mp + 3 : mp - 9;
    return (DayParts){ yoe + era * 400 + (m <= 2), m, d };
}

int day_weekday(Day d)
{
    int w = (int)(((int64_t)d + 3) % 7); /* 1970-01-01 was a Thursday */
    return (w < 0 ? w + 7 : w) + 1;
}

Day day_add_months(Day d, int months)
{
    DayParts p = day_parts(d);
    int m = p.year * 12 + p.month - 1 + months;
    int y = m / 12, mo = m % 12 + 1, last = day_days_in_month(y, mo);
    return day_make(y, mo, p.day < last ? p.day : last);
}

/* Takes 1..max digits; false when there is none. */
static bool digits(Str *s, int max, int *out)
{
    int v = 0, n = 0;
    while (n < max && (size_t)n < s->n && s->p[n] >= '0' && s->p[n] <= '9')
        v = v * 10 + (s->p[n++] - '0');
    *s = str_sub(*s, (size_t)n, s->n);
    *out = v;
    return n > 0;
}

static bool take(Str *s, const char *z)
{
    Str t = str_of(z);
    if (!str_starts(*s, t))
        return false;
    *s = str_sub(*s, t.n, s->n);
    return true;
}

bool day_read(Day *out, Str s, Err *e)
{
    Str t = s;
    int y = 0, m = 0, d = 0;
    bool ok = s.n == 10 && digits(&t, 4, &y) && take(&t, "-") && digits(&t, 2, &m) &&
              take(&t, "-") && digits(&t, 2, &d) && t.n == 0;
    if (!ok || !day_valid(y, m, d))
        return err_fail(e, ERR_BAD_DATE, err_hole("text", s));
    *out = day_make(y, m, d);
    return true;
}

/* Full-width digits and marks become ASCII; the result is short or empty. */
static Str narrow(Str s, char *room, size_t size)
{
    size_t n = 0, k;
    uint32_t cp;
    for (size_t i = 0; (k = str_next(s, i, &cp)) > 0; i += k) {
        char one[4];
        if (cp >= 0xFF01 && cp <= 0xFF5E)
            cp -= 0xFEE0;
        size_t w = str_put(one, cp);
        if (n + w > size)
            return (Str){ "", 0 };
        memcpy(room + n, one, w);
        n += w;
    }
    return str_trim((Str){ room, n });
}

bool day_read_loose(Day *out, Str s, Err *e)
{
    char room[64];
    Str t = narrow(s, room, sizeof room);
    int y = 0, m = 0, d = 1;
    bool ok = digits(&t, 4, &y) && y >= 1000;
    if (ok && t.n == 4 && digits(&t, 2, &m)) {
        ok = digits(&t, 2, &d);
    } else if (ok && take(&t, "年")) {
        ok = digits(&t, 2, &m);
        if (ok && take(&t, "月") && t.n > 0) {
            ok = digits(&t, 2, &d);
            if (!take(&t, "日"))
                take(&t, "号");
        }
    } else if (ok) {
        const char *sep = take(&t, "-") ? "-" : take(&t, ".") ? "." : "/";
        ok = (*sep != '/' || take(&t, sep)) && digits(&t, 2, &m);
        if (ok && take(&t, sep))
            ok = digits(&t, 2, &d);
    }
    /* A time after the day, as spreadsheets write it, says nothing about the day. */
    if (ok && (take(&t, " 00:00:00") || take(&t, "T00:00:00")) && t.n)
        ok = false;
    if (!ok || t.n != 0 || !day_valid(y, m, d))
        return err_fail(e, ERR_BAD_DATE, err_hole("text", s));
    *out = day_make(y, m, d);
    return true;
}

Str day_print(Arena *a, Day d)
{
    if (d == DAY_NONE)
        return (Str){ "", 0 };
    DayParts p = day_parts(d);
    return arena_text(a, "%04d-%02d-%02d", p.year, p.month, p.day);
}

Str day_print_zh(Arena *a, Day d)
{
    if (d == DAY_NONE)
        return (Str){ "", 0 };
    DayParts p = day_parts(d);
    return arena_text(a, "%d年%d月%d日", p.year, p.month, p.day);
}

bool period_read(Period *out, Str s, Err *e)
{
    Str t = s, head, tail;
    int y = 0, k = 0;
    if (str_cut(s, STRC(".."), &head, &tail)) {
        Period p;
        if (!day_read(&p.from, head, e) || !day_read(&p.to, tail, e) || p.from > p.to)
            return err_fail(e, ERR_BAD_PERIOD, err_hole("text", s));
        *out = p;
        return true;
    }
    bool ok = digits(&t, 4, &y) && y >= 1000;
    int from = 1, months = 12;
    if (ok && t.n) {
        ok = take(&t, "-");
        if (ok && take(&t, "H"))
            ok = digits(&t, 1, &k) && k >= 1 && k <= 2, months = 6, from = (k - 1) * 6 + 1;
        else if (ok && take(&t, "Q"))
            ok = digits(&t, 1, &k) && k >= 1 && k <= 4, months = 3, from = (k - 1) * 3 + 1;
        else if (ok)
            ok = t.n == 2 && digits(&t, 2, &k) && k >= 1 && k <= 12, months = 1, from = k;
    }
    if (!ok || t.n)
        return err_fail(e, ERR_BAD_PERIOD, err_hole("text", s));
    int last = from + months - 1;
    *out = (Period){ day_make(y, from, 1), day_make(y, last, day_days_in_month(y, last)) };
    return true;
}

bool period_has(Period p, Day d)
{
    return d >= p.from && d <= p.to;
}

Period period_of(PeriodKind kind, Day d)
{
    static const int months[] = { 12, 6, 3, 1 };
    DayParts p = day_parts(d);
    int n = months[kind], from = (p.month - 1) / n * n + 1, last = from + n - 1;
    return (Period){ day_make(p.year, from, 1),
                     day_make(p.year, last, day_days_in_month(p.year, last)) };
}

static Day floor_day(Moment m, int *ms)
{
    int64_t d = m / DAY_MS, r = m % DAY_MS;
    if (r < 0)
        d--, r += DAY_MS;
    *ms = (int)r;
    return (Day)d;
}

Str moment_print(Arena *a, Moment m)
{
    int ms;
    DayParts p = day_parts(floor_day(m, &ms));
    return arena_text(a, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", p.year, p.month, p.day,
                      ms / 3600000, ms / 60000 % 60, ms / 1000 % 60, ms % 1000);
}

Str moment_print_zh(Arena *a, Moment m)
{
    int ms;
    DayParts p = day_parts(floor_day(m + BEIJING_MS, &ms));
    return arena_text(a, "%d年%d月%d日 %02d:%02d", p.year, p.month, p.day, ms / 3600000,
                      ms / 60000 % 60);
}

Day moment_day(Moment m)
{
    int ms;
    return floor_day(m + BEIJING_MS, &ms);
}
