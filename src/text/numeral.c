/* Numerals and dates as official prose writes them. All of it works on folded text. */
#include "text/text.h"

#include "text/inside.h"

#include <string.h>

/* The value of a Chinese digit, or -1. */
int text_zh_digit(uint32_t cp)
{
    switch (cp) {
    case 0x3007: case 0x96F6: return 0;             /* 〇 零 */
    case 0x4E00: case 0x58F9: return 1;             /* 一 壹 */
    case 0x4E8C: case 0x4E24: case 0x8D30: return 2; /* 二 两 贰 */
    case 0x4E09: case 0x53C1: return 3;             /* 三 叁 */
    case 0x56DB: case 0x8086: return 4;             /* 四 肆 */
    case 0x4E94: case 0x4F0D: return 5;             /* 五 伍 */
    case 0x516D: case 0x9646: return 6;             /* 六 陆 */
    case 0x4E03: case 0x67D2: return 7;             /* 七 柒 */
    case 0x516B: case 0x634C: return 8;             /* 八 捌 */
    case 0x4E5D: case 0x7396: return 9;             /* 九 玖 */
    }
    return -1;
}

/* 十 百 千 and their forms for cheques; 0 when it is none. */
static int64_t small_unit(uint32_t cp)
{
    switch (cp) {
    case 0x5341: case 0x62FE: return 10;   /* 十 拾 */
    case 0x767E: case 0x4F70: return 100;  /* 百 佰 */
    case 0x5343: case 0x4EDF: return 1000; /* 千 仟 */
    }
    return 0;
}

static int64_t big_unit(uint32_t cp)
{
    return cp == 0x4E07 ? 10000 : cp == 0x4EBF ? 100000000 : 0; /* 万 亿 */
}

/* 余 多 几: more than was said. */
static bool is_more(uint32_t cp)
{
    return cp == 0x4F59 || cp == 0x591A || cp == 0x51E0;
}

static bool is_digit(uint32_t cp)
{
    return cp >= '0' && cp <= '9';
}

/* Digits only: 二〇二六. At least two, at most fifteen. */
static size_t zh_digits(Numeral *out, Str s, size_t at)
{
    int64_t v = 0;
    int n = 0;
    size_t i = at, k;
    uint32_t cp;
    while ((k = outline_next(s, i, &cp)) > 0 && text_zh_digit(cp) >= 0 && n < 15) {
        v = v * 10 + text_zh_digit(cp);
        n++;
        i += k;
    }
    if (n < 2 || (k > 0 && (small_unit(cp) > 0 || big_unit(cp) > 0)))
        return 0;
    *out = (Numeral){ .value = dec_int(v), .chinese = true, .digits = true, .n_digits = n };
    return i - at;
}

/* What a Chinese numeral adds up to: total above the last 万 or 亿, the section being read, and
 * the digit that waits for its unit. */
typedef struct Sum {
    int64_t total, section, digit, last;
    bool has_digit, has_unit, many;
    int n;
} Sum;

static bool add_point(Sum *m, uint32_t cp)
{
    int d = text_zh_digit(cp);
    int64_t u;
    if (d > 0) {
        if (m->has_digit)
            return false;
        m->digit = d;
        m->has_digit = true;
    } else if (d == 0) {
        if (m->has_digit || !m->has_unit)
            return false;
        m->last = 0; /* after 零 the next digit stands for itself: 一百零五 */
    } else if ((u = small_unit(cp)) > 0) {
        if (!m->has_digit && u != 10)
            return false; /* 百 and 千 alone are words, not counts; 十 is ten */
        m->section += (m->has_digit ? m->digit : 1) * u;
        m->has_digit = false;
        m->has_unit = true;
        m->last = u;
    } else if ((u = big_unit(cp)) > 0) {
        int64_t under = m->section + (m->has_digit ? m->digit : 0);
        if (u == 10000 ? under == 0 || m->total % 100000000 != 0
                       : m->total + under == 0 || m->total + under > 99999999)
            return false; /* 万 counts once below 亿; 亿 counts all before it: 一万亿 */
        m->total = u == 10000 ? m->total + under * u : (m->total + under) * u;
        m->section = 0;
        m->has_digit = false;
        m->has_unit = true;
        m->last = u;
    } else {
        return false;
    }
    m->n++;
    return true;
}

static size_t zh_numeral(Numeral *out, Str s, size_t at)
{
    Sum m = { .last = -1 };
    size_t i = at, k;
    uint32_t cp, after;
    while ((k = outline_next(s, i, &cp)) > 0 && m.n < 24) {
        if (is_more(cp) && m.has_unit && !m.has_digit && cp != 0x51E0 &&
            outline_next(s, i + k, &after) > 0 && big_unit(after) > 0) {
            m.many = true; /* 三十多万 */
            i += k;
            continue;
        }
        if (!add_point(&m, cp))
            break;
        i += k;
    }
    if (m.n == 0)
        return 0;
    int64_t tail = m.has_digit ? m.digit : 0;
    if (m.has_digit && m.last > 10 && m.has_unit)
        tail *= m.last / 10; /* 两万五: the digit counts the next lower unit */
    *out = (Numeral){ .value = dec_int(m.total + m.section + tail), .chinese = true,
                      .digits = !m.has_unit, .n_digits = m.n, .many = m.many };
    return i - at;
}

/* The Arabic part: 12, 1,200, 1.8. At most fifteen digits. */
static size_t arabic(Dec *v, int *n_digits, Str s, size_t at)
{
    char plain[32];
    size_t i = at, n = 0;
    int digits = 0;
    while (i < s.n && is_digit((unsigned char)s.p[i]) && digits < 15) {
        plain[n++] = s.p[i++];
        digits++;
        bool group = i + 3 < s.n && s.p[i] == ',' && is_digit((unsigned char)s.p[i + 1]) &&
                     is_digit((unsigned char)s.p[i + 2]) && is_digit((unsigned char)s.p[i + 3]) &&
                     (i + 4 == s.n || !is_digit((unsigned char)s.p[i + 4]));
        if (group)
            i++;
    }
    if (digits == 0)
        return 0;
    *n_digits = digits;
    if (i + 1 < s.n && s.p[i] == '.' && is_digit((unsigned char)s.p[i + 1])) {
        plain[n++] = s.p[i++];
        for (int places = 0; i < s.n && is_digit((unsigned char)s.p[i]) && places < 8; places++)
            plain[n++] = s.p[i++];
    }
    return dec_parse(v, (Str){ plain, n }) ? i - at : 0;
}

/* 千 百 万 亿 after Arabic digits, perhaps with 多 between: 1.8万, 3亿, 1000多万, 5千. */
static size_t multiplier(Numeral *m, Str s, size_t at)
{
    size_t i = at, k;
    uint32_t cp, after;
    for (int rounds = 0; rounds < 3 && (k = outline_next(s, i, &cp)) > 0; rounds++) {
        size_t more = 0;
        if (is_more(cp) && outline_next(s, i + k, &after) > 0 && big_unit(after) > 0) {
            more = k;
            m->many = true;
            k = outline_next(s, i + more, &cp);
        }
        int64_t u = big_unit(cp) > 0 ? big_unit(cp) : rounds == 0 ? small_unit(cp) : 0;
        if (u < 100 || !dec_mul(&m->value, m->value, dec_int(u)))
            break;
        i += more + k;
    }
    return i - at;
}

static size_t percent_of(Numeral *out, Str s, size_t at)
{
    static const char head[] = "百分之";
    if (!str_starts(str_sub(s, at, s.n), str_of(head)))
        return 0;
    Numeral n;
    size_t k = numeral_read(&n, s, at + strlen(head));
    if (k == 0 || n.percent)
        return 0;
    n.percent = true;
    *out = n;
    return strlen(head) + k;
}

size_t numeral_read(Numeral *out, Str s, size_t at)
{
    uint32_t cp;
    if (outline_next(s, at, &cp) == 0)
        return 0;
    if (is_digit(cp)) {
        Numeral m = { .digits = true };
        size_t k = arabic(&m.value, &m.n_digits, s, at);
        if (k == 0)
            return 0;
        size_t times = multiplier(&m, s, at + k);
        int64_t whole;
        if (times > 0 && dec_to_int(&whole, m.value))
            m.value = dec_int(whole); /* 1.8万 is 18000, not 18000.0 */
        k += times;
        if (at + k < s.n && s.p[at + k] == '%') {
            m.percent = true;
            k++;
        }
        *out = m;
        return k;
    }
    if (cp == 0x767E) { /* 百 */
        size_t k = percent_of(out, s, at);
        if (k > 0)
            return k;
    }
    if (text_zh_digit(cp) < 0 && cp != 0x5341 && cp != 0x5EFF && cp != 0x5345)
        return 0;
    if (cp == 0x5EFF || cp == 0x5345) { /* 廿 卅 */
        Numeral low = { 0 };
        uint32_t next;
        size_t k = outline_next(s, at + 3, &next), used = 3;
        int64_t v = cp == 0x5EFF ? 20 : 30;
        if (k > 0 && text_zh_digit(next) > 0) {
            v += text_zh_digit(next);
            used += k;
        }
        low = (Numeral){ .value = dec_int(v), .chinese = true, .n_digits = 2 };
        *out = low;
        return used;
    }
    size_t k = zh_digits(out, s, at);
    return k > 0 ? k : zh_numeral(out, s, at);
}

bool numeral_whole(int64_t *out, Str s)
{
    uint32_t cp;
    s = str_trim(s);
    size_t k = outline_next(s, 0, &cp);
    if (cp >= 0x2460 && cp <= 0x2473 && k == s.n && s.n > 0) { /* ① to ⑳ */
        *out = (int64_t)cp - 0x2460 + 1;
        return true;
    }
    if (str_starts(s, STRC("第")))
        s = str_sub(s, 3, s.n);
    else if (str_starts(s, STRC("（")) && str_ends(s, STRC("）")) && s.n >= 6)
        s = str_sub(s, 3, s.n - 6);
    else if (str_starts(s, STRC("(")) && str_ends(s, STRC(")")) && s.n >= 2)
        s = str_sub(s, 1, s.n - 2);
    Numeral n;
    int64_t v;
    if (numeral_read(&n, s, 0) != s.n || s.n == 0 || n.percent || n.many ||
        !dec_to_int(&v, n.value))
        return false;
    *out = v;
    return true;
}

/* A whole number of at most `most` at *at, in digits or Chinese; *at moves behind it. */
static bool date_part(int *out, Str s, size_t *at, int64_t most)
{
    Numeral n;
    int64_t v;
    size_t k = numeral_read(&n, s, *at);
    if (k == 0 || n.percent || n.many || !dec_to_int(&v, n.value) || v < 1 || v > most)
        return false;
    if (!n.chinese && (size_t)n.n_digits != k)
        return false; /* 1.8年, 1万日 */
    *out = (int)v;
    *at += k;
    return true;
}

static bool eat(Str s, size_t *at, const char *word)
{
    if (!str_starts(str_sub(s, *at, 12), str_of(word)))
        return false;
    *at += strlen(word);
    return true;
}

/* 2026.2.10, 2026-02-10, 2026/2/10, 2026.2 is left alone: it may be a figure. */
static size_t dotted_date(DayParts *out, Str s, size_t at)
{
    int part[3] = { 0 };
    size_t i = at;
    char sep = 0;
    for (int p = 0; p < 3; p++) {
        int digits = 0;
        while (i < s.n && is_digit((unsigned char)s.p[i]) && digits < 5) {
            part[p] = part[p] * 10 + (s.p[i++] - '0');
            digits++;
        }
        if (p == 0 ? digits != 4 : digits < 1 || digits > 2)
            return 0;
        if (p == 2)
            break;
        if (i >= s.n || !strchr(".-/", s.p[i]) || (sep && s.p[i] != sep))
            return 0;
        sep = s.p[i++];
    }
    if (!day_valid(part[0], part[1], part[2]))
        return 0;
    *out = (DayParts){ part[0], part[1], part[2] };
    return i - at;
}

size_t numeral_date(DayParts *out, Str s, size_t at)
{
    DayParts d = { 0 };
    size_t i = at, k = dotted_date(out, s, at);
    int v;
    if (k > 0)
        return k;
    if (!date_part(&v, s, &i, 9999))
        return 0;
    if (eat(s, &i, "年")) {
        if (v < 1900 || v > 2999)
            return 0;
        d.year = v;
        size_t mark = i;
        if (!date_part(&v, s, &i, 12) || !eat(s, &i, "月")) {
            *out = d;
            return mark - at;
        }
        d.month = v;
    } else if (v <= 12 && eat(s, &i, "月")) {
        d.month = v;
    } else {
        return 0;
    }
    size_t mark = i;
    if (date_part(&v, s, &i, 31) && (eat(s, &i, "日") || eat(s, &i, "号")))
        d.day = v;
    else
        i = mark;
    *out = d;
    return i - at;
}
