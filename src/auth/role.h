/* role: the sixteen roles. A grant gives one of them to an account for a subtree of organisations
 * (and, where it matters, for one cycle) from a day to a day; grants are facts, written and read
 * by the use cases. What a role may do is said by the use cases too; here is only what roles are
 * called and which of them one account may not hold together. */
#ifndef AUTH_ROLE_H
#define AUTH_ROLE_H

#include "base/str.h"

typedef enum Role {
    ROLE_SYS_ADMIN,       /* runs the installation and accounts; reads no content */
    ROLE_SEC_ADMIN,       /* grants roles */
    ROLE_AUDIT_ADMIN,     /* reads the log of what users did */
    ROLE_ORGANISER_CLERK, /* prepares and files for the organiser */
    ROLE_ORGANISER_HEAD,
    ROLE_COMMITTEE,       /* decides grades */
    ROLE_SUPERIOR,        /* accepts or returns reports, evaluates */
    ROLE_SECRETARY,       /* files his own report */
    ROLE_PARTY_STAFF,     /* keeps the records of an organisation */
    ROLE_SURVEYOR,        /* member of a survey team */
    ROLE_TELLER,          /* enters counts */
    ROLE_SCRUTINEER,      /* watches the tellers */
    ROLE_COMMENTATOR,
    ROLE_MEMBER,
    ROLE_INSPECTOR,
    ROLE_PUBLIC,          /* whoever has no login */
    ROLE_COUNT
} Role;

#define ROLE_BIT(role) (1u << (role))
#define ROLE_ALL ((1u << ROLE_COUNT) - 1)

const char *role_name(Role r);            /* "sys_admin": in facts, the API, the matrix */
const char *role_title(Role r);           /* 系统管理员 */
const char *role_title_en(Role r);
bool role_read(Role *out, Str name) MUST_USE; /* false: no such role */
/* May one account not hold both? The three administrators are separate persons (GB/T 22239-2019
 * 8.1.4.2), and whoever watches the tellers is none of them. */
bool role_conflicts(Role a, Role b);

#endif
