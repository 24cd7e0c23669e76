/* cli: what the commands of the one binary share. A command opens what it needs through Cli and
 * says what went wrong in one sentence; 0 is success, 1 a refusal, 2 a wrong call. */
#ifndef SHUPING_CLI_H
#define SHUPING_CLI_H

#include "api/api.h"
#include "work/rows.h"
#include "work/work.h"

typedef struct Cli {
    const char *exe;     /* argv[0] */
    Arena *a;
    Sys *sys;            /* opened by cli_work; the real one unless `sim` */
    Work *work;
    Who who;             /* the console */
    Lang lang;
    Str upload, upload_name; /* the file that the next use case is given */
} Cli;

typedef struct CliArgs {
    int argc;            /* of the command, its name not counted */
    char **argv;
} CliArgs;

/* --name VALUE and --name; each taken once. A command ends its reading with cli_end, which
 * refuses what is left over. */
const char *cli_option(CliArgs *args, const char *name);     /* NULL when absent */
bool cli_flag(CliArgs *args, const char *name);
const char *cli_word(CliArgs *args);                         /* the next plain word, or NULL */
bool cli_end(CliArgs *args);                                 /* false: says what is left over */

int cli_fail(Cli *cli, const Err *e);                        /* prints the sentence; 1 */
const char *cli_fonts(Cli *cli);                            /* folders, for PrintSetup */
/* Opens the installation in dir; prints and returns false on failure. `sim` is a twin to use. */
bool cli_work(Cli *cli, const char *dir, bool make, Sys *sim);
void cli_close(Cli *cli);

/* Carries out a use case with input written as JSON text (may be NULL); the reply's JSON value is
 * the caller's (jv_close), a file's bytes lie in cli->a. Prints and returns false on failure. */
bool cli_do(Cli *cli, const UseCase *u, const char *json, json_t **reply, WorkFile *file);

/* The text of a docx or txt, read in a child; it lives in cli->a. Needs cli->sys. */
struct Print;
bool cli_read_text(Str *out, Cli *cli, const struct Print *print, const char *path, Err *e)
    MUST_USE;

int cli_serve(Cli *cli, CliArgs *args);
int cli_init(Cli *cli, CliArgs *args);
int cli_demo(Cli *cli, CliArgs *args);
int cli_backup(Cli *cli, CliArgs *args);
int cli_restore(Cli *cli, CliArgs *args);
int cli_outline(Cli *cli, CliArgs *args);
int cli_similar(Cli *cli, CliArgs *args);
int cli_check_report(Cli *cli, CliArgs *args);
int cli_feel(Cli *cli, CliArgs *args);
int cli_dmn(Cli *cli, CliArgs *args);
int cli_pack(Cli *cli, CliArgs *args);
int cli_ballot(Cli *cli, CliArgs *args);
int cli_ballot_check(Cli *cli, CliArgs *args);    /* what follows `ballot check` */
int cli_trustee(Cli *cli, CliArgs *args);
int cli_call(Cli *cli, CliArgs *args);
int cli_letters(Cli *cli, CliArgs *args);
int cli_import(Cli *cli, CliArgs *args);
/* The turn of the day; prints what it did, or why it failed. */
bool cli_day_turn(Cli *cli);
int cli_day(Cli *cli, CliArgs *args);
int cli_burden(Cli *cli, CliArgs *args);
int cli_get(Cli *cli, CliArgs *args);
int cli_stories(Cli *cli, CliArgs *args);
int cli_openapi(Cli *cli, CliArgs *args);
int cli_routes(Cli *cli, CliArgs *args);
int cli_matrix(Cli *cli, CliArgs *args);
int cli_rebuild(Cli *cli, CliArgs *args);
int cli_export_log(Cli *cli, CliArgs *args);
int cli_export(Cli *cli, CliArgs *args);
int cli_version(Cli *cli, CliArgs *args);

#endif
