/* Dates, times, zones and durations. The calendar is proleptic Gregorian over years of up to nine
 * digits; a fraction of a second holds nine digits; zones come from ICU. */
#include "feel/feel_in.h"

#include <string.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

enum { OFFSET_MAX = 18 * 3600, ZONE_CHARS = 64 };

/* --- the calendar --------------------------------------------------------------------------- */
static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

bool feel_ymd_valid(int64_t year, int64_t month, int64_t day)
{
    return year >= -FEEL_YEAR_MAX && year <= FEEL_YEAR_MAX && month >= 1 && month <= 12 &&
           day >= 1 && day <= feel_month_days(year, (int)month);
}

int feel_month_days(int64_t year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

/* Years begin in March here, so that the leap day is the last of its year; 146,097 days make a
 * round of 400 years. */
int64_t feel_days(int64_t year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year, era = floor_div(y, 400), yoe = y - era * 400;
    int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

FeelYmd feel_ymd(int64_t days)
{
    int64_t z = days + 719468, era = floor_div(z, 146097), doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    FeelYmd out = { .year = yoe + era * 400, .month = (int)(mp < 10 ? mp + 3 : mp - 9),
                    .day = (int)(doy - (153 * mp + 2) / 5 + 1) };
    out.year += out.month <= 2;
    return out;
}

FeelValue feel_date_value(int64_t days)
{
    FeelValue v = { .kind = FEEL_DATE };
    v.day = days;
    return v;
}

FeelValue feel_make_time(int64_t nanos, const FeelZone *z)
{
    FeelValue v = { .kind = FEEL_TIME, .zone = z };
    v.nanos = nanos;
    return v;
}

FeelValue feel_make_date_time(int64_t day, int64_t nanos, const FeelZone *z)
{
    FeelValue v = { .kind = FEEL_DATE_TIME, .zone = z };
    v.day = day;
    v.nanos = nanos;
    return v;
}

FeelValue feel_months_value(int64_t months)
{
    FeelValue v = { .kind = FEEL_MONTHS };
    v.months = months;
    return v;
}

FeelValue feel_duration_value(Dec seconds)
{
    FeelValue v = { .kind = FEEL_DURATION };
    v.seconds = dec_round(seconds, 9, DEC_HALF_EVEN);
    return v;
}

/* --- zones ---------------------------------------------------------------------------------- */
static bool zone_chars(Str id, UChar out[ZONE_CHARS])
{
    if (id.n == 0 || id.n >= ZONE_CHARS)
        return false;
    for (size_t i = 0; i < id.n; i++) {
        unsigned char c = (unsigned char)id.p[i];
        if (c <= ' ' || c >= 127)
            return false;
        out[i] = c;
    }
    out[id.n] = 0;
    return true;
}

bool feel_zone_known(Str id)
{
    UChar name[ZONE_CHARS], canonical[ZONE_CHARS];
    UErrorCode code = U_ZERO_ERROR;
    UBool system = false;
    if (!zone_chars(id, name))
        return false;
    ucal_getCanonicalTimeZoneID(name, (int32_t)id.n, canonical, ZONE_CHARS, &system, &code);
    return U_SUCCESS(code) && system;
}

const FeelZone *feel_zone_offset(Arena *a, int32_t seconds)
{
    FeelZone *z = ARENA_NEW(a, FeelZone);
    if (z)
        *z = (FeelZone){ .id = { "", 0 }, .offset = seconds };
    return z;
}

int32_t feel_offset_at(const FeelZone *z, int64_t day, int64_t nanos)
{
    UChar name[ZONE_CHARS];
    UErrorCode code = U_ZERO_ERROR;
    if (!z)
        return 0;
    if (z->id.n == 0 || !zone_chars(z->id, name))
        return z->offset;
    UCalendar *cal = ucal_open(name, (int32_t)z->id.n, "en", UCAL_GREGORIAN, &code);
    int32_t raw = 0, dst = 0;
    /* ICU's calendar ends at +-100,000,000 days; beyond it the offset no longer changes. */
    int64_t clipped = day > 90000000 ? 90000000 : day < -90000000 ? -90000000 : day;
    if (U_SUCCESS(code)) {
        ucal_setMillis(cal, (double)clipped * 86400000.0 + (double)(nanos / 1000000), &code);
        ucal_getTimeZoneOffsetFromLocal(cal, UCAL_TZ_LOCAL_FORMER, UCAL_TZ_LOCAL_FORMER, &raw,
                                        &dst, &code);
    }
    ucal_close(cal);
    return U_SUCCESS(code) ? (raw + dst) / 1000 : 0;
}

Str feel_zone_version(Arena *a)
{
    UErrorCode code = U_ZERO_ERROR;
    const char *version = ucal_getTZDataVersion(&code);
    return U_SUCCESS(code) ? arena_str(a, str_of(version)) : STRC("");
}

void feel_instant(FeelValue v, int64_t *seconds, int64_t *nanos)
{
    /* A time of day has no date to ask a zone's rule for: it takes the zone's winter time. */
    int64_t day = v.kind == FEEL_TIME ? 0 : v.day;
    int32_t offset = v.kind == FEEL_DATE ? 0 : feel_offset_at(v.zone, day, v.nanos);
    int64_t clock = v.kind == FEEL_DATE ? 0 : v.nanos;
    *seconds = day * 86400 + clock / 1000000000 - offset;
    *nanos = clock % 1000000000;
}

/* --- reading -------------------------------------------------------------------------------- */
typedef struct Cursor {
    Str s;
    size_t at;
} Cursor;

static bool skip(Cursor *c, char want)
{
    if (c->at >= c->s.n || c->s.p[c->at] != want)
        return false;
    c->at++;
    return true;
}

static size_t digits(Cursor *c, int64_t *out, size_t least, size_t most)
{
    size_t n = 0;
    *out = 0;
    while (n < most && c->at < c->s.n && c->s.p[c->at] >= '0' && c->s.p[c->at] <= '9') {
        *out = *out * 10 + (c->s.p[c->at++] - '0');
        n++;
    }
    return n >= least ? n : 0;
}

static bool read_date(Cursor *c, int64_t *day)
{
    int64_t year, month, dom;
    bool minus = skip(c, '-');
    size_t from = c->at, n = digits(c, &year, 4, 9);
    if (!n || (n > 4 && c->s.p[from] == '0') || !skip(c, '-') || !digits(c, &month, 2, 2) ||
        !skip(c, '-') || !digits(c, &dom, 2, 2))
        return false;
    if (minus)
        year = -year;
    if (!feel_ymd_valid(year, month, dom))
        return false;
    *day = feel_days(year, (int)month, (int)dom);
    return true;
}

/* Z, +hh:mm, -hh:mm:ss, @Area/City or nothing, to the end. */
static bool read_zone(Cursor *c, Arena *a, const FeelZone **out)
{
    *out = NULL;
    if (c->at == c->s.n)
        return true;
    if (skip(c, '@')) {
        Str id = str_sub(c->s, c->at, c->s.n);
        FeelZone *z = feel_zone_known(id) ? ARENA_NEW(a, FeelZone) : NULL;
        if (!z)
            return false;
        z->id = arena_str(a, id);
        *out = z;
        return z->id.n > 0;
    }
    int64_t h = 0, m = 0, s = 0;
    bool minus = false;
    if (!skip(c, 'Z') && !skip(c, 'z')) {
        minus = skip(c, '-');
        if ((!minus && !skip(c, '+')) || !digits(c, &h, 2, 2) || !skip(c, ':') ||
            !digits(c, &m, 2, 2) || (skip(c, ':') && !digits(c, &s, 2, 2)))
            return false;
    }
    int32_t offset = (int32_t)(h * 3600 + m * 60 + s);
    if (c->at != c->s.n || m > 59 || s > 59 || offset > OFFSET_MAX)
        return false;
    *out = feel_zone_offset(a, minus ? -offset : offset);
    return *out != NULL;
}

/* hh:mm:ss[.fraction]; 24:00:00 gives a whole day of nanoseconds when allowed. */
static bool read_clock(Cursor *c, int64_t *nanos, bool allow_24)
{
    int64_t h, m, s, fraction = 0;
    if (!digits(c, &h, 2, 2) || !skip(c, ':') || !digits(c, &m, 2, 2) || !skip(c, ':') ||
        !digits(c, &s, 2, 2))
        return false;
    if (skip(c, '.')) {
        size_t n = digits(c, &fraction, 1, 9);
        if (!n)
            return false;
        for (; n < 9; n++)
            fraction *= 10;
        /* What is finer than a nanosecond is read over, however long. */
        while (c->at < c->s.n && c->s.p[c->at] >= '0' && c->s.p[c->at] <= '9')
            c->at++;
    }
    *nanos = (h * 3600 + m * 60 + s) * 1000000000 + fraction;
    return m <= 59 && s <= 59 && (h <= 23 || (allow_24 && *nanos == FEEL_DAY_NANOS));
}

bool feel_date_read(FeelValue *out, Str s)
{
    Cursor c = { s, 0 };
    int64_t day;
    if (!read_date(&c, &day) || c.at != s.n)
        return false;
    *out = feel_date_value(day);
    return true;
}

bool feel_time_read(FeelValue *out, Arena *a, Str s)
{
    Cursor c = { s, 0 };
    int64_t nanos;
    const FeelZone *z;
    skip(&c, 'T');
    if (!read_clock(&c, &nanos, true) || !read_zone(&c, a, &z))
        return false;
    *out = feel_make_time(nanos % FEEL_DAY_NANOS, z);
    return true;
}

bool feel_date_time_read(FeelValue *out, Arena *a, Str s)
{
    Cursor c = { s, 0 };
    int64_t day, nanos = 0;
    const FeelZone *z = NULL;
    if (!read_date(&c, &day))
        return false;
    if (c.at != s.n && (!skip(&c, 'T') || !read_clock(&c, &nanos, true) || !read_zone(&c, a, &z)))
        return false;
    *out = feel_make_date_time(day + nanos / FEEL_DAY_NANOS, nanos % FEEL_DAY_NANOS, z);
    return true;
}

/* digits before a letter; at most 15 of them, so that sums stay within 64 bits. */
static bool read_part(Cursor *c, char letter, int64_t *out)
{
    Cursor try = *c;
    int64_t n;
    if (!digits(&try, &n, 1, 15) || !skip(&try, letter))
        return false;
    *c = try;
    *out = n;
    return true;
}

static bool read_months(Cursor c, bool minus, FeelValue *out)
{
    int64_t years = 0, months = 0;
    bool y = read_part(&c, 'Y', &years), m = read_part(&c, 'M', &months);
    if ((!y && !m) || c.at != c.s.n || years > 99999999999)
        return false;
    months += years * 12;
    *out = feel_months_value(minus ? -months : months);
    return true;
}

/* Seconds with a fraction; "0." stands in the test cases too. */
static bool read_seconds(Cursor *c, Dec *out)
{
    size_t from = c->at;
    int64_t whole, fraction;
    if (!digits(c, &whole, 1, 15))
        return false;
    size_t end = c->at;
    if (skip(c, '.') && digits(c, &fraction, 1, 15))
        end = c->at;
    return skip(c, 'S') && dec_parse(out, str_sub(c->s, from, end - from));
}

bool feel_duration_read(FeelValue *out, Str s)
{
    Cursor c = { s, 0 };
    int64_t days = 0, hours = 0, minutes = 0;
    Dec seconds = dec_int(0), whole, per_day = dec_int(86400);
    bool minus = skip(&c, '-');
    if (!skip(&c, 'P'))
        return false;
    if (read_months(c, minus, out))
        return true;
    bool any = read_part(&c, 'D', &days);
    if (skip(&c, 'T')) {
        any = read_part(&c, 'H', &hours);
        any |= read_part(&c, 'M', &minutes);
        any |= c.at < s.n && read_seconds(&c, &seconds);
    }
    if (!any || c.at != s.n || !dec_mul(&whole, dec_int(days), per_day) ||
        !dec_add(&seconds, seconds, whole) || !dec_mul(&whole, dec_int(hours), dec_int(3600)) ||
        !dec_add(&seconds, seconds, whole) || !dec_mul(&whole, dec_int(minutes), dec_int(60)) ||
        !dec_add(&seconds, seconds, whole))
        return false;
    *out = feel_duration_value(minus ? dec_neg(seconds) : seconds);
    return true;
}

bool feel_at_read(FeelValue *out, Arena *a, Str s)
{
    return feel_date_read(out, s) || feel_time_read(out, a, s) || feel_date_time_read(out, a, s) ||
           feel_duration_read(out, s);
}

/* --- printing ------------------------------------------------------------------------------- */
static Str date_text(Arena *a, int64_t day)
{
    FeelYmd d = feel_ymd(day);
    int64_t y = d.year < 0 ? -d.year : d.year;
    return arena_text(a, "%s%04lld-%02d-%02d", d.year < 0 ? "-" : "", (long long)y, d.month,
                      d.day);
}

static Str zone_text(Arena *a, const FeelZone *z)
{
    if (!z)
        return STRC("");
    if (z->id.n)
        return arena_text(a, "@%.*s", STR(z->id));
    int s = z->offset < 0 ? -z->offset : z->offset;
    if (s == 0)
        return STRC("Z");
    Str rest = s % 60 ? arena_text(a, ":%02d", s % 60) : STRC("");
    return arena_text(a, "%c%02d:%02d%.*s", z->offset < 0 ? '-' : '+', s / 3600, s / 60 % 60,
                      STR(rest));
}

static Str clock_text(Arena *a, int64_t nanos, const FeelZone *z)
{
    int64_t s = nanos / 1000000000, f = nanos % 1000000000;
    Str zone = zone_text(a, z), fraction = STRC("");
    if (f) {
        fraction = arena_text(a, ".%09lld", (long long)f);
        while (fraction.n && fraction.p[fraction.n - 1] == '0')
            fraction.n--;
    }
    return arena_text(a, "%02d:%02d:%02d%.*s%.*s", (int)(s / 3600), (int)(s / 60 % 60),
                      (int)(s % 60), STR(fraction), STR(zone));
}

static Str months_text(Arena *a, int64_t months)
{
    long long m = months < 0 ? -months : months, years = m / 12;
    const char *sign = months < 0 ? "-" : "";
    if (years && m % 12)
        return arena_text(a, "%sP%lldY%lldM", sign, years, m % 12);
    return years ? arena_text(a, "%sP%lldY", sign, years) : arena_text(a, "%sP%lldM", sign, m);
}

/* Days, hours, minutes and seconds of a duration without its sign. */
static bool split_seconds(Dec seconds, int64_t *whole, Dec *rest)
{
    Dec all = dec_abs(seconds), floor = dec_round(all, 0, DEC_DOWN);
    return dec_to_int(whole, floor) && dec_sub(rest, all, floor);
}

static Str duration_text(Arena *a, Dec seconds)
{
    int64_t s;
    Dec rest;
    if (!split_seconds(seconds, &s, &rest))
        return arena_text(a, "PT%.*sS", STR(dec_print_short(a, seconds)));
    if (dec_sign(seconds) == 0)
        return STRC("PT0S");
    Str t = arena_text(a, "%sP", dec_sign(seconds) < 0 ? "-" : "");
    if (s / 86400)
        t = arena_text(a, "%.*s%lldD", STR(t), (long long)(s / 86400));
    if (s % 86400 || dec_sign(rest))
        t = arena_text(a, "%.*sT", STR(t));
    if (s / 3600 % 24)
        t = arena_text(a, "%.*s%dH", STR(t), (int)(s / 3600 % 24));
    if (s / 60 % 60)
        t = arena_text(a, "%.*s%dM", STR(t), (int)(s / 60 % 60));
    Dec secs;
    if ((s % 60 || dec_sign(rest)) && dec_add(&secs, dec_int(s % 60), rest))
        t = arena_text(a, "%.*s%.*sS", STR(t), STR(dec_print_short(a, secs)));
    return t;
}

Str feel_time_text(Arena *a, FeelValue v)
{
    switch (v.kind) {
    case FEEL_DATE:
        return date_text(a, v.day);
    case FEEL_TIME:
        return clock_text(a, v.nanos, v.zone);
    case FEEL_MONTHS:
        return months_text(a, v.months);
    case FEEL_DURATION:
        return duration_text(a, v.seconds);
    default: {
        Str day = date_text(a, v.day), clock = clock_text(a, v.nanos, v.zone);
        return arena_text(a, "%.*sT%.*s", STR(day), STR(clock));
    }
    }
}

/* --- arithmetic ----------------------------------------------------------------------------- */
static bool day_in_range(int64_t day)
{
    FeelYmd d = feel_ymd(day);
    return d.year >= -FEEL_YEAR_MAX && d.year <= FEEL_YEAR_MAX;
}

bool feel_add_months(FeelValue v, int64_t months, FeelValue *out)
{
    FeelYmd d = feel_ymd(v.day);
    int64_t total;
    if (__builtin_add_overflow(d.year * 12 + d.month - 1, months, &total))
        return false;
    int64_t year = floor_div(total, 12);
    int month = (int)(total - year * 12) + 1, last = feel_month_days(year, month);
    int day = d.day < last ? d.day : last;
    if (!feel_ymd_valid(year, month, day))
        return false;
    *out = v;
    out->day = feel_days(year, month, day);
    return true;
}

/* Seconds to whole seconds and nanoseconds, both rounded towards minus infinity. */
static bool to_parts(Dec seconds, int64_t *whole, int64_t *nanos)
{
    Dec floor = dec_round(seconds, 0, DEC_FLOOR), rest, scaled;
    return dec_to_int(whole, floor) && dec_sub(&rest, seconds, floor) &&
           dec_mul(&scaled, rest, dec_int(1000000000)) &&
           dec_to_int(nanos, dec_round(scaled, 0, DEC_HALF_EVEN));
}

bool feel_add_seconds(FeelValue v, Dec seconds, FeelValue *out)
{
    int64_t whole, nanos, clock = v.kind == FEEL_DATE ? 0 : v.nanos;
    if (!to_parts(seconds, &whole, &nanos))
        return false;
    int64_t days = floor_div(whole, 86400);
    clock += (whole - days * 86400) * 1000000000 + nanos;
    days += floor_div(clock, FEEL_DAY_NANOS);
    clock -= floor_div(clock, FEEL_DAY_NANOS) * FEEL_DAY_NANOS;
    FeelValue r = v;
    if (v.kind != FEEL_DATE)
        r.nanos = clock;
    if (v.kind != FEEL_TIME) {
        if (days > 400000000000 || days < -400000000000 || !day_in_range(v.day + days))
            return false;
        r.day = v.day + days;
    }
    *out = r;
    return true;
}

bool feel_between_instants(FeelValue later, FeelValue earlier, FeelValue *out)
{
    int64_t s1, n1, s2, n2;
    Dec seconds;
    feel_instant(later, &s1, &n1);
    feel_instant(earlier, &s2, &n2);
    if (!dec_add(&seconds, dec_int(s1 - s2), dec_scaled(n1 - n2, 9)))
        return false;
    *out = feel_duration_value(seconds);
    return true;
}

/* --- properties ----------------------------------------------------------------------------- */
static bool of_number(FeelValue *out, int64_t n)
{
    *out = feel_int(n);
    return true;
}

static bool date_property(FeelValue v, Str name, FeelValue *out)
{
    FeelYmd d = feel_ymd(v.day);
    if (str_is(name, "year"))
        return of_number(out, d.year);
    if (str_is(name, "month"))
        return of_number(out, d.month);
    if (str_is(name, "day"))
        return of_number(out, d.day);
    int64_t since_monday = (v.day + 3) % 7;
    return str_is(name, "weekday") && of_number(out, (since_monday + 7) % 7 + 1);
}

static bool time_property(FeelValue v, Str name, FeelValue *out)
{
    int64_t s = v.nanos / 1000000000;
    if (str_is(name, "hour"))
        return of_number(out, s / 3600);
    if (str_is(name, "minute"))
        return of_number(out, s / 60 % 60);
    if (str_is(name, "second"))
        return of_number(out, s % 60);
    if (str_is(name, "time offset")) {
        *out = v.zone ? feel_duration_value(dec_int(feel_offset_at(v.zone, v.day, v.nanos)))
                      : feel_null();
        return true;
    }
    if (!str_is(name, "timezone"))
        return false;
    *out = v.zone && v.zone->id.n ? feel_string(v.zone->id) : feel_null();
    return true;
}

static bool months_property(FeelValue v, Str name, FeelValue *out)
{
    if (str_is(name, "years"))
        return of_number(out, v.months / 12);
    return str_is(name, "months") && of_number(out, v.months % 12);
}

static bool duration_property(FeelValue v, Str name, FeelValue *out)
{
    int64_t s;
    Dec rest, seconds;
    if (!split_seconds(v.seconds, &s, &rest))
        return false;
    int64_t sign = dec_sign(v.seconds) < 0 ? -1 : 1;
    if (str_is(name, "days"))
        return of_number(out, sign * (s / 86400));
    if (str_is(name, "hours"))
        return of_number(out, sign * (s / 3600 % 24));
    if (str_is(name, "minutes"))
        return of_number(out, sign * (s / 60 % 60));
    if (!str_is(name, "seconds") || !dec_add(&seconds, dec_int(s % 60), rest))
        return false;
    *out = feel_number(sign < 0 ? dec_neg(seconds) : seconds);
    return true;
}

static bool range_property(const FeelRange *r, Str name, FeelValue *out)
{
    if (str_is(name, "start"))
        *out = r->low;
    else if (str_is(name, "end"))
        *out = r->high;
    else if (str_is(name, "start included"))
        *out = feel_boolean(r->low_in);
    else if (str_is(name, "end included"))
        *out = feel_boolean(r->high_in);
    else
        return false;
    return true;
}

bool feel_property(FeelValue v, Str name, FeelValue *out)
{
    switch (v.kind) {
    case FEEL_DATE:
        return date_property(v, name, out);
    case FEEL_TIME:
        return time_property(v, name, out);
    case FEEL_DATE_TIME:
        return date_property(v, name, out) || time_property(v, name, out);
    case FEEL_MONTHS:
        return months_property(v, name, out);
    case FEEL_DURATION:
        return duration_property(v, name, out);
    case FEEL_RANGE:
        return range_property(v.range, name, out);
    default:
        return false;
    }
}
