/* Fonts by file. Asking by family name picks wrong weights (FandolSong's bold says it is regular),
 * so each face has a configuration of its own that holds the one file it wants and a fallback for
 * rare characters of names. Nothing of the machine's font settings is used. */
#include <dirent.h>
#include <fontconfig/fontconfig.h>
#include <stdlib.h>
#include <string.h>

#include <pango/pangofc-fontmap.h>

#include "print/page.h"

enum { FILES_MAX = 400, WISHES_MAX = 12 };

typedef struct File {
    FcChar8 *path;
    FcPattern *pattern;
} File;

typedef struct Files {
    File items[FILES_MAX];
    size_t n;
} Files;

/* What a face is drawn with, best first: the fonts the standard names where a site has them, then
 * free ones. A style after ':' must fit too. */
static const char *const wishes[PRINT_FACES][WISHES_MAX] = {
    [PRINT_FANG] = { "仿宋_GB2312", "FangSong_GB2312", "方正仿宋_GBK", "FZFangSong-Z02", "仿宋",
                     "FangSong", "FandolFang", "Noto Serif CJK SC:Regular" },
    [PRINT_KAI] = { "楷体_GB2312", "KaiTi_GB2312", "方正楷体_GBK", "FZKai-Z03", "楷体", "KaiTi",
                    "FandolKai", "Noto Serif CJK SC:Regular" },
    [PRINT_HEI] = { "方正黑体_GBK", "FZHei-B01", "黑体", "SimHei", "FandolHei:Regular",
                    "Noto Sans CJK SC:Regular" },
    [PRINT_SONG] = { "宋体", "SimSun", "FandolSong:Regular", "Noto Serif CJK SC:Regular" },
    [PRINT_TITLE] = { "方正小标宋_GBK", "FZXiaoBiaoSong-B05", "方正小标宋简体",
                      "FZXiaoBiaoSong-B05S", "FandolSong:Bold", "Noto Serif CJK SC:Bold" },
};
static const char *const fallbacks[PRINT_FACES] = {
    [PRINT_FANG] = "Noto Serif CJK SC:Regular", [PRINT_KAI] = "Noto Serif CJK SC:Regular",
    [PRINT_HEI] = "Noto Sans CJK SC:Regular",   [PRINT_SONG] = "Noto Serif CJK SC:Regular",
    [PRINT_TITLE] = "Noto Serif CJK SC:Bold",
};

static bool is_font_file(const char *name)
{
    Str s = str_of(name);
    return str_ends(s, STRC(".otf")) || str_ends(s, STRC(".ttf")) || str_ends(s, STRC(".ttc")) ||
           str_ends(s, STRC(".OTF")) || str_ends(s, STRC(".TTF")) || str_ends(s, STRC(".TTC"));
}

static void file_add(Files *f, const char *folder, const char *name)
{
    FcChar8 *path = FcStrBuildFilename((const FcChar8 *)folder, (const FcChar8 *)name, NULL);
    FcFontSet *faces = FcFontSetCreate();
    if (path && faces)
        FcFreeTypeQueryAll(path, (unsigned)-1, NULL, NULL, faces);
    for (int i = 0; faces && i < faces->nfont && f->n < FILES_MAX; i++) {
        FcPatternReference(faces->fonts[i]);
        f->items[f->n++] = (File){ .path = FcStrCopy(path), .pattern = faces->fonts[i] };
    }
    if (faces)
        FcFontSetDestroy(faces);
    if (path)
        FcStrFree(path);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* In order of names, so that two machines with the same files choose alike. */
static void folder_add(Files *f, const char *folder, const char *head)
{
    char *names[FILES_MAX];
    size_t n = 0;
    DIR *dir = opendir(folder);
    for (struct dirent *d; dir && n < FILES_MAX && (d = readdir(dir));)
        if (is_font_file(d->d_name) && str_starts(str_of(d->d_name), str_of(head)) &&
            (names[n] = strdup(d->d_name)))
            n++;
    if (dir)
        closedir(dir);
    qsort(names, n, sizeof *names, by_name);
    for (size_t i = 0; i < n; i++) {
        file_add(f, folder, names[i]);
        free(names[i]);
    }
}

static void files_find(Files *f, const char *folders)
{
    static const char *const noto[] = { "/usr/share/fonts/opentype/noto",
                                        "/usr/share/fonts/noto-cjk",
                                        "/usr/share/fonts/google-noto-cjk" };
    char *list = strdup(folders), *rest = list;
    for (char *one; rest && (one = strsep(&rest, ":"));)
        if (*one)
            folder_add(f, one, "");
    free(list);
    for (size_t i = 0; i < sizeof noto / sizeof *noto; i++)
        folder_add(f, noto[i], "Noto");
}

static void files_close(Files *f)
{
    for (size_t i = 0; i < f->n; i++) {
        FcStrFree(f->items[i].path);
        FcPatternDestroy(f->items[i].pattern);
    }
}

static bool has_value(const FcPattern *p, const char *object, Str want)
{
    FcChar8 *value;
    for (int i = 0; FcPatternGetString(p, object, i, &value) == FcResultMatch; i++)
        if (str_eq(str_of((const char *)value), want))
            return true;
    return false;
}

static const File *file_named(const Files *f, const char *wish)
{
    Str family, style;
    bool styled = str_cut(str_of(wish), STRC(":"), &family, &style);
    for (size_t i = 0; i < f->n; i++)
        if (has_value(f->items[i].pattern, FC_FAMILY, family) &&
            (!styled || has_value(f->items[i].pattern, FC_STYLE, style)))
            return &f->items[i];
    return NULL;
}

/* The free 仿宋 and 楷体 have digits without serifs, as no official paper has them. */
static const char latin_wish[] = "FandolSong:Regular";

static void latin_add(PrintFont *font, FcConfig *config, const File *file, const File *latin)
{
    FcChar8 *own, *family;
    if (latin && FcPatternGetString(file->pattern, FC_FAMILY, 0, &own) == FcResultMatch &&
        (strcmp((char *)own, "FandolFang") == 0 || strcmp((char *)own, "FandolKai") == 0) &&
        FcPatternGetString(latin->pattern, FC_FAMILY, 0, &family) == FcResultMatch &&
        strlen((char *)family) < sizeof font->latin && FcConfigAppFontAddFile(config, latin->path))
        strcpy(font->latin, (char *)family);
}

static bool font_make(PrintFont *font, const File *file, const File *fallback, const File *latin)
{
    FcConfig *config = FcConfigCreate();
    FcChar8 *family = NULL, *second = NULL;
    if (!config || !FcConfigAppFontAddFile(config, file->path) ||
        FcPatternGetString(file->pattern, FC_FAMILY, 0, &family) != FcResultMatch) {
        if (config)
            FcConfigDestroy(config);
        return false;
    }
    Buf names = buf_open(1000);
    buf_fmt(&names, "%s", (char *)family);
    if (fallback && strcmp((char *)fallback->path, (char *)file->path) != 0 &&
        FcConfigAppFontAddFile(config, fallback->path) &&
        FcPatternGetString(fallback->pattern, FC_FAMILY, 0, &second) == FcResultMatch)
        buf_fmt(&names, ",%s", (char *)second);
    buf_putc(&names, '\0');
    latin_add(font, config, file, latin);
    font->map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(font->map), config);
    FcConfigDestroy(config); /* the map holds it */
    font->context = pango_font_map_create_context(font->map);
    pango_context_set_language(font->context, pango_language_from_string("zh-cn"));
    pango_context_set_round_glyph_positions(font->context, FALSE);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(font->context, options);
    cairo_font_options_destroy(options);
    pango_cairo_context_set_resolution(font->context, 72);
    font->description = pango_font_description_new();
    pango_font_description_set_family(font->description, buf_str(&names).p);
    buf_close(&names);
    return true;
}

bool print_fonts_open(PrintFont fonts[PRINT_FACES], const char *folders, Err *e)
{
    Files *files = calloc(1, sizeof *files);
    bool ok = files != NULL;
    if (ok)
        files_find(files, folders);
    for (int i = 0; ok && i < PRINT_FACES; i++) {
        const File *found = NULL;
        for (int k = 0; !found && k < WISHES_MAX && wishes[i][k]; k++)
            found = file_named(files, wishes[i][k]);
        ok = found && font_make(&fonts[i], found, file_named(files, fallbacks[i]),
                                file_named(files, latin_wish));
    }
    if (files)
        files_close(files);
    free(files);
    if (ok)
        return true;
    print_fonts_close(fonts);
    return err_fail(e, ERR_PRINT_FONT, err_hole("folder", folders));
}

void print_fonts_close(PrintFont fonts[PRINT_FACES])
{
    for (int i = 0; i < PRINT_FACES; i++) {
        if (fonts[i].description)
            pango_font_description_free(fonts[i].description);
        g_clear_object(&fonts[i].context);
        g_clear_object(&fonts[i].map);
        fonts[i].description = NULL;
    }
}
