/* Bytes of a file to UTF-8. ICU converts; the rules of detection are stated in text.h. */
#include "text/text.h"

#include <string.h>
#include <unicode/ucnv.h>

const char *text_coding_name(TextCoding c)
{
    static const char *const names[] = { "UTF-8", "UTF-16LE", "UTF-16BE", "GB18030", "Big5" };
    return names[c];
}

/* The converter for each guess; Windows' own Big5 knows the characters that clerks really type. */
static const char *const converters[] = { "UTF-8", "UTF-16LE", "UTF-16BE", "gb18030",
                                          "windows-950-2000" };

/* The commonest characters of prose in either script. A text read in the wrong encoding turns
 * into rare characters, so the right one shows by its count of these. */
static const UChar common[] =
    u"的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过"
    u"子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小现实加量都两体制"
    u"机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数"
    u"正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直"
    u"题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别"
    u"她手角期根论运农指几九区强放决西被干做必战先回则任取据处理村镇书记述职評議會黨員幹部組織書記"
    u"這個為們時來說產種對發動過學經進著電裡現實點從業應開還後當體機關與間樣總設長邊級圖統較將組見"
    u"，。、；：！？（）《》“”「」　";

static bool is_common(UChar c)
{
    for (const UChar *p = common; *p; p++)
        if (*p == c)
            return true;
    return false;
}

/* Decoded UTF-16, or NULL when the bytes hold anything illegal in that encoding. */
static UChar *decode_as(Arena *a, int32_t *n, TextCoding c, Str bytes)
{
    UErrorCode bad = U_ZERO_ERROR;
    UConverter *cv = ucnv_open(converters[c], &bad);
    if (U_FAILURE(bad))
        return NULL;
    ucnv_setToUCallBack(cv, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &bad);
    int32_t room = (int32_t)bytes.n + 1;
    UChar *made = ARENA_ARRAY(a, UChar, room);
    if (made)
        *n = ucnv_toUChars(cv, made, room, bytes.p, (int32_t)bytes.n, &bad);
    ucnv_close(cv);
    return made && U_SUCCESS(bad) ? made : NULL;
}

/* What Chinese prose hardly ever holds and a wrong decoding is full of: Greek, Cyrillic, kana,
 * bopomofo, private characters. */
static bool is_odd(UChar c)
{
    return (c >= 0x0370 && c <= 0x058F) || (c >= 0x3040 && c <= 0x312F) || c == 0x3006 ||
           (c >= 0x3400 && c <= 0x4DBF) || (c >= 0xE000 && c <= 0xF8FF) || c == 0x02DC;
}

enum { SAMPLE = 4000 }; /* characters looked at when two encodings fit */

static int score(const UChar *s, int32_t n)
{
    int found = 0;
    for (int32_t i = 0; i < n && i < SAMPLE; i++)
        found += is_common(s[i]) - is_odd(s[i]);
    return found * 1000 / (n < SAMPLE ? n + 1 : SAMPLE);
}

/* UTF-16 to UTF-8 with "\n" as the only line end; fails for a lone surrogate and U+0000. */
static bool put_utf16(Buf *b, const UChar *s, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        uint32_t cp = s[i];
        if (cp == 0 || (cp >= 0xDC00 && cp <= 0xDFFF))
            return false;
        if (cp >= 0xD800 && cp <= 0xDBFF) {
            if (i + 1 == n || s[i + 1] < 0xDC00 || s[i + 1] > 0xDFFF)
                return false;
            cp = 0x10000 + ((cp - 0xD800) << 10) + (s[++i] - 0xDC00u);
        }
        if (cp == '\r') {
            if (i + 1 < n && s[i + 1] == '\n')
                continue;
            cp = '\n';
        }
        buf_point(b, cp);
    }
    return !b->failed;
}

static void put_utf8(Buf *b, Str s)
{
    for (size_t at = 0; at < s.n;) {
        const char *cr = memchr(s.p + at, '\r', s.n - at);
        size_t end = cr ? (size_t)(cr - s.p) : s.n;
        buf_put(b, str_sub(s, at, end - at));
        at = end;
        if (cr) {
            buf_putc(b, '\n');
            at += at + 1 < s.n && s.p[at + 1] == '\n' ? 2 : 1;
        }
    }
}

static bool no_text(Err *e)
{
    return err_fail(e, ERR_BAD_TEXT, err_hole("what", "文件"));
}

/* Which legacy encoding: the one that decodes; when both do, the one with more common words. */
static UChar *guess(Arena *a, int32_t *n, TextCoding *c, Str bytes)
{
    int32_t n_gb = 0, n_big5 = 0;
    UChar *gb = decode_as(a, &n_gb, TEXT_GB18030, bytes);
    UChar *big5 = decode_as(a, &n_big5, TEXT_BIG5, bytes);
    bool is_big5 = big5 && (!gb || score(big5, n_big5) > score(gb, n_gb));
    *c = is_big5 ? TEXT_BIG5 : TEXT_GB18030;
    *n = is_big5 ? n_big5 : n_gb;
    return is_big5 ? big5 : gb;
}

static bool fill(Buf *b, TextCoding *c, Arena *scratch, Str s)
{
    static const char bom8[] = "\xEF\xBB\xBF";
    bool marked = str_starts(s, str_of(bom8));
    if (marked)
        s = str_sub(s, 3, s.n);
    else if (str_starts(s, STRC("\xFF\xFE")) || str_starts(s, STRC("\xFE\xFF"))) {
        *c = (unsigned char)s.p[0] == 0xFF ? TEXT_UTF16LE : TEXT_UTF16BE;
        int32_t n = 0;
        UChar *u = decode_as(scratch, &n, *c, str_sub(s, 2, s.n));
        return u && put_utf16(b, u, n);
    }
    if (str_valid(s)) {
        *c = TEXT_UTF8;
        put_utf8(b, s);
        return !b->failed;
    }
    int32_t n = 0;
    UChar *u = marked ? NULL : guess(scratch, &n, c, s);
    return u && put_utf16(b, u, n);
}

bool text_decode(Str *out, TextCoding *coding, Arena *a, Str bytes, Err *e)
{
    if (bytes.n > TEXT_BYTES_MAX)
        return err_fail(e, ERR_TOO_BIG, err_hole("what", "文件"), err_hole("max", "4 MB"));
    Arena *scratch = arena_open((size_t)TEXT_BYTES_MAX * 5);
    Buf b = buf_open((size_t)TEXT_BYTES_MAX * 3);
    TextCoding c = TEXT_UTF8;
    bool ok = scratch && fill(&b, &c, scratch, bytes);
    bool short_of_memory = !scratch || arena_refused(scratch) || b.failed;
    Str made = ok ? arena_str(a, buf_str(&b)) : (Str){ "", 0 };
    if (ok && made.n < b.n)
        short_of_memory = true;
    buf_close(&b);
    arena_close(scratch);
    if (short_of_memory)
        return err_fail(e, ERR_NO_MEMORY, err_hole("what", "读取文件"));
    if (!ok)
        return no_text(e);
    *out = made;
    if (coding)
        *coding = c;
    return true;
}
