#include "auth/role.h"

static const struct {
    const char *name, *title, *title_en;
} roles[ROLE_COUNT] = {
    [ROLE_SYS_ADMIN]       = { "sys_admin", "系统管理员", "system administrator" },
    [ROLE_SEC_ADMIN]       = { "sec_admin", "安全管理员", "security administrator" },
    [ROLE_AUDIT_ADMIN]     = { "audit_admin", "审计管理员", "audit administrator" },
    [ROLE_ORGANISER_CLERK] = { "organiser_clerk", "组织单位经办人", "organiser's clerk" },
    [ROLE_ORGANISER_HEAD]  = { "organiser_head", "组织单位负责人", "head of the organiser" },
    [ROLE_COMMITTEE]       = { "committee", "党委（常委会）", "committee" },
    [ROLE_SUPERIOR]        = { "superior", "上级党组织", "superior" },
    [ROLE_SECRETARY]       = { "secretary", "书记", "secretary" },
    [ROLE_PARTY_STAFF]     = { "party_staff", "党务工作者", "party staff" },
    [ROLE_SURVEYOR]        = { "surveyor", "会前调研人员", "surveyor" },
    [ROLE_TELLER]          = { "teller", "计票人", "teller" },
    [ROLE_SCRUTINEER]      = { "scrutineer", "监票人", "scrutineer" },
    [ROLE_COMMENTATOR]     = { "commentator", "点评人", "commentator" },
    [ROLE_MEMBER]          = { "member", "党员", "member" },
    [ROLE_INSPECTOR]       = { "inspector", "督查人员", "inspector" },
    [ROLE_PUBLIC]          = { "public", "公众", "public" },
};

const char *role_name(Role r)
{
    return roles[r].name;
}

const char *role_title(Role r)
{
    return roles[r].title;
}

const char *role_title_en(Role r)
{
    return roles[r].title_en;
}

bool role_read(Role *out, Str name)
{
    for (Role r = 0; r < ROLE_COUNT; r++)
        if (str_is(name, roles[r].name)) {
            *out = r;
            return true;
        }
    return false;
}

bool role_conflicts(Role a, Role b)
{
    static const unsigned apart[] = {
        ROLE_BIT(ROLE_SYS_ADMIN) | ROLE_BIT(ROLE_SEC_ADMIN) | ROLE_BIT(ROLE_AUDIT_ADMIN),
        ROLE_BIT(ROLE_TELLER) | ROLE_BIT(ROLE_SCRUTINEER),
    };
    for (size_t i = 0; i < sizeof apart / sizeof *apart; i++)
        if (a != b && (apart[i] & ROLE_BIT(a)) && (apart[i] & ROLE_BIT(b)))
            return true;
    return false;
}
