/* Built-ins on dates, times and durations. now() and today() answer the moment of the run. */
#include "feel/feel_in.h"

static bool whole(FeelValue v, int64_t *out)
{
    return dec_to_int(out, v.number);
}

/* --- making --------------------------------------------------------------------------------- */
static bool run_date(FeelCall *c, FeelValue *out)
{
    FeelValue v = c->args[0];
    if (v.kind == FEEL_STRING) {
        if (!feel_date_read(out, v.string))
            return feel_fail(c, out, "不是日期，应如 2026-02-28");
        return true;
    }
    *out = feel_date_value(v.day);
    return true;
}

static bool date_of_parts(FeelCall *c, int64_t *day)
{
    int64_t y, m, d;
    if (!whole(c->args[0], &y) || !whole(c->args[1], &m) || !whole(c->args[2], &d) ||
        !feel_ymd_valid(y, m, d))
        return false;
    *day = feel_days(y, (int)m, (int)d);
    return true;
}

static bool run_date_parts(FeelCall *c, FeelValue *out)
{
    int64_t day;
    if (!date_of_parts(c, &day))
        return feel_fail(c, out, "没有这个日期");
    *out = feel_date_value(day);
    return true;
}

static bool run_date_time(FeelCall *c, FeelValue *out)
{
    FeelValue v = c->args[0];
    if (v.kind == FEEL_STRING) {
        if (!feel_date_time_read(out, c->v->a, v.string))
            return feel_fail(c, out, "不是日期时间，应如 2026-02-28T10:00:00");
        return true;
    }
    *out = v.kind == FEEL_DATE ? feel_make_date_time(v.day, 0, NULL) : v;
    return true;
}

static bool run_date_and_time(FeelCall *c, FeelValue *out)
{
    *out = feel_make_date_time(c->args[0].day, c->args[1].nanos, c->args[1].zone);
    return true;
}

static bool clock_of_parts(FeelCall *c, size_t from, int64_t *nanos)
{
    int64_t h, m;
    Dec s = c->args[from + 2].number, scaled;
    if (!whole(c->args[from], &h) || !whole(c->args[from + 1], &m) || h < 0 || h > 23 || m < 0 ||
        m > 59 || dec_sign(s) < 0 || dec_cmp(s, dec_int(60)) >= 0 ||
        !dec_mul(&scaled, s, dec_int(1000000000)) ||
        !dec_to_int(nanos, dec_round(scaled, 0, DEC_DOWN)))
        return false;
    *nanos += (h * 3600 + m * 60) * 1000000000;
    return true;
}

static bool zone_of(FeelCall *c, size_t i, const FeelZone **out)
{
    int64_t seconds;
    *out = NULL;
    if (!c->given[i])
        return true;
    if (c->args[i].kind == FEEL_STRING) {
        FeelZone *z = feel_zone_known(c->args[i].string) ? ARENA_NEW(c->v->a, FeelZone) : NULL;
        if (z)
            z->id = c->args[i].string;
        *out = z;
        return z != NULL;
    }
    if (!dec_to_int(&seconds, c->args[i].seconds) || seconds > 18 * 3600 || seconds < -18 * 3600)
        return false;
    *out = feel_zone_offset(c->v->a, (int32_t)seconds);
    return *out != NULL;
}

static bool run_date_time_parts(FeelCall *c, FeelValue *out)
{
    int64_t day, nanos;
    const FeelZone *z;
    if (!date_of_parts(c, &day) || !clock_of_parts(c, 3, &nanos) || !zone_of(c, 6, &z))
        return feel_fail(c, out, "没有这个日期时间");
    *out = feel_make_date_time(day, nanos, z);
    return true;
}

static bool run_time(FeelCall *c, FeelValue *out)
{
    FeelValue v = c->args[0];
    if (v.kind == FEEL_STRING) {
        if (!feel_time_read(out, c->v->a, v.string))
            return feel_fail(c, out, "不是时间，应如 10:00:00");
        return true;
    }
    const FeelZone *z = v.kind == FEEL_DATE ? feel_zone_offset(c->v->a, 0) : v.zone;
    if (v.kind == FEEL_DATE && !z)
        return feel_eval_memory(c->v);
    *out = feel_make_time(v.kind == FEEL_DATE ? 0 : v.nanos, z);
    return true;
}

static bool run_time_parts(FeelCall *c, FeelValue *out)
{
    int64_t nanos;
    const FeelZone *z;
    if (!clock_of_parts(c, 0, &nanos) || !zone_of(c, 3, &z))
        return feel_fail(c, out, "没有这个时间");
    *out = feel_make_time(nanos, z);
    return true;
}

static bool run_duration(FeelCall *c, FeelValue *out)
{
    FeelValue v = c->args[0];
    if (v.kind != FEEL_STRING) {
        *out = v;
        return true;
    }
    return feel_duration_read(out, v.string) || feel_fail(c, out, "不是时长，应如 P1Y2M 或 P3DT4H");
}

/* Whole months from one day to the other, the time of day aside; a month that is not full does
 * not count. */
static bool run_months_between(FeelCall *c, FeelValue *out)
{
    FeelYmd x = feel_ymd(c->args[0].day), y = feel_ymd(c->args[1].day);
    int64_t months = (y.year - x.year) * 12 + y.month - x.month;
    if (months > 0 && y.day < x.day)
        months--;
    if (months < 0 && y.day > x.day)
        months++;
    *out = feel_months_value(months);
    return true;
}

/* --- asking --------------------------------------------------------------------------------- */
static bool run_day_of_year(FeelCall *c, FeelValue *out)
{
    FeelYmd d = feel_ymd(c->args[0].day);
    *out = feel_int(c->args[0].day - feel_days(d.year, 1, 1) + 1);
    return true;
}

static int weekday(int64_t day)
{
    return (int)(((day + 3) % 7 + 7) % 7); /* 0 Monday */
}

static bool run_day_of_week(FeelCall *c, FeelValue *out)
{
    static const char names[7][10] = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
                                       "Saturday", "Sunday" };
    *out = feel_z(names[weekday(c->args[0].day)]);
    return true;
}

static bool run_month_of_year(FeelCall *c, FeelValue *out)
{
    static const char names[12][10] = { "January", "February", "March", "April", "May", "June",
                                        "July", "August", "September", "October", "November",
                                        "December" };
    *out = feel_z(names[feel_ymd(c->args[0].day).month - 1]);
    return true;
}

/* ISO 8601: the week of the year that holds this week's Thursday. */
static bool run_week_of_year(FeelCall *c, FeelValue *out)
{
    int64_t thursday = c->args[0].day - weekday(c->args[0].day) + 3;
    *out = feel_int((thursday - feel_days(feel_ymd(thursday).year, 1, 1)) / 7 + 1);
    return true;
}

/* The moment of the run on the wall of its zone. */
static bool moment_here(FeelCall *c, FeelValue *out)
{
    FeelRun *run = c->v->run;
    FeelValue utc = feel_moment(c->v->a, run->now);
    if (utc.kind == FEEL_NULL)
        return feel_eval_memory(c->v);
    *out = utc;
    if (!run->zone)
        return true;
    /* The offset is asked for at wall time, so twice: first as if UTC were it. */
    int32_t offset = feel_offset_at(run->zone, utc.day, utc.nanos);
    for (int i = 0; i < 2; i++) {
        if (!feel_add_seconds(utc, dec_int(offset), out))
            return feel_fail(c, out, "结果超出范围");
        offset = feel_offset_at(run->zone, out->day, out->nanos);
    }
    out->zone = run->zone;
    return true;
}

static bool run_now(FeelCall *c, FeelValue *out)
{
    return moment_here(c, out);
}

static bool run_today(FeelCall *c, FeelValue *out)
{
    FeelValue now;
    if (!moment_here(c, &now))
        return false;
    *out = now.kind == FEEL_NULL ? now : feel_date_value(now.day);
    return true;
}

static bool same_zone(const FeelZone *a, const FeelZone *b)
{
    if (!a || !b)
        return a == b;
    return str_eq(a->id, b->id) && (a->id.n || a->offset == b->offset);
}

/* The same value of the same kind; for times also the same clock and the same zone. */
static bool is_same(FeelValue a, FeelValue b)
{
    if (a.kind != b.kind)
        return false;
    if (a.kind == FEEL_TIME || a.kind == FEEL_DATE_TIME)
        return a.day == b.day && a.nanos == b.nanos && same_zone(a.zone, b.zone);
    return feel_equal(a, b) == 1;
}

static bool run_is(FeelCall *c, FeelValue *out)
{
    *out = feel_boolean(is_same(c->args[0], c->args[1]));
    return true;
}

#define DAY { "date", M_DATE | M_DT, 0 }
#define YMD { "year", M_NUM, 0 }, { "month", M_NUM, 0 }, { "day", M_NUM, 0 }
#define HMS { "hour", M_NUM, 0 }, { "minute", M_NUM, 0 }, { "second", M_NUM, 0 }
static const FeelBuiltin rows[] = {
    { "date", "date", run_date, false, { { "from", M_STR | M_DATE | M_DT, 0 } } },
    { "date", "date", run_date_parts, false, { YMD } },
    { "date and time", "date and time", run_date_time, false,
      { { "from", M_STR | M_DATE | M_DT, 0 } } },
    { "date and time", "date and time", run_date_and_time, false,
      { DAY, { "time", M_TIME, 0 } } },
    { "date and time", "date and time", run_date_time_parts, false,
      { YMD, HMS, { "offset", M_DUR, 1 } } },
    { "date and time", "date and time", run_date_time_parts, false,
      { YMD, HMS, { "timezone", M_STR, 0 } } },
    { "time", "time", run_time, false, { { "from", M_STR | M_DATE | M_TIME | M_DT, 0 } } },
    { "time", "time", run_time_parts, false, { HMS, { "offset", M_DUR, 1 } } },
    { "duration", "Any", run_duration, false, { { "from", M_STR | M_YM | M_DUR, 0 } } },
    { "years and months duration", "years and months duration", run_months_between, false,
      { { "from", M_DATE | M_DT, 0 }, { "to", M_DATE | M_DT, 0 } } },
    { "day of year", "number", run_day_of_year, false, { DAY } },
    { "day of week", "string", run_day_of_week, false, { DAY } },
    { "month of year", "string", run_month_of_year, false, { DAY } },
    { "week of year", "number", run_week_of_year, false, { DAY } },
    { "now", "date and time", run_now, false, { { NULL, 0, 0 } } },
    { "today", "date", run_today, false, { { NULL, 0, 0 } } },
    { "is", "boolean", run_is, false, { { "value1", M_ANY, 1 }, { "value2", M_ANY, 1 } } },
    { NULL, NULL, NULL, false, { { NULL, 0, 0 } } }, /* the end, for feel_builtin_next */
};

FeelBuiltinGroup feel_builtin_times(void)
{
    return (FeelBuiltinGroup){ rows, sizeof rows / sizeof *rows - 1 };
}
