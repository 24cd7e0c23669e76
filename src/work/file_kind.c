/* What an uploaded file is, told by its bytes: a name proves nothing. */
#include "work/file_kind.h"

#include <string.h>

static const FileKind kinds[] = {
    { "application/pdf", "pdf", "PDF" },
    { "image/png", "png", "PNG图片" },
    { "image/jpeg", "jpg", "JPEG图片" },
    { "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", "docx" },
    { "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", "xlsx" },
    { "application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx",
      "pptx" },
    { "application/ofd", "ofd", "OFD" },
    { "text/plain; charset=utf-8", "txt", "文本" },
};
enum { PDF, PNG, JPEG, DOCX, XLSX, PPTX, OFD, TEXT, KINDS };

const FileKind *file_kind_named(Str type)
{
    for (size_t i = 0; i < KINDS; i++)
        if (str_is(type, kinds[i].type))
            return &kinds[i];
    return NULL;
}

/* The directory of an archive stands at its end, with the names of its parts in plain text. */
static const FileKind *archive(Str bytes)
{
    enum { DIRECTORY_MAX = 256 << 10 };
    size_t n = bytes.n < DIRECTORY_MAX ? bytes.n : DIRECTORY_MAX;
    Str end = str_sub(bytes, bytes.n - n, n);
    if (str_has(end, STRC("vbaProject.bin")) || str_has(end, STRC("EncryptedPackage")))
        return NULL;
    if (str_has(end, STRC("word/document.xml")))
        return &kinds[DOCX];
    if (str_has(end, STRC("xl/workbook.xml")))
        return &kinds[XLSX];
    if (str_has(end, STRC("ppt/presentation.xml")))
        return &kinds[PPTX];
    return str_has(end, STRC("OFD.xml")) ? &kinds[OFD] : NULL;
}

/* Pages and programs are text too: what a browser or a shell would run is none of ours. */
static bool runs(Str bytes)
{
    static const Str heads[] = { S("<"), S("#!"), S("%!"), S("{\\rtf"), S("MZ") };
    Str head = str_trim(str_sub(bytes, 0, 200));
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (str_starts(head, heads[i]))
            return true;
    return false;
}

const FileKind *file_kind(Str bytes)
{
    if (str_starts(bytes, STRC("%PDF-")))
        return &kinds[PDF];
    if (str_starts(bytes, STRC("\x89PNG\r\n\x1A\n")))
        return &kinds[PNG];
    if (str_starts(bytes, STRC("\xFF\xD8\xFF")))
        return &kinds[JPEG];
    if (str_starts(bytes, STRC("PK\x03\x04")))
        return archive(bytes);
    return bytes.n && str_valid(bytes) && !runs(bytes) ? &kinds[TEXT] : NULL;
}
