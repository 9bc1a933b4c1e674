"""Who takes part: role -> (name, level). The level says how far a role sees: nation, office, unit, site, own."""

ROLES = {
    "applicant": ("申请人", "own"),
    "clerk": ("经办", "unit"),
    "reviewer": ("审核", "unit"),
    "unit_admin": ("单位管理员", "unit"),
    "officer": ("省级学位办", "office"),
    "centre": ("学位中心", "nation"),
    "exam": ("组考部门", "nation"),
    "site_head": ("考点负责人", "site"),
    "door": ("考场验证", "site"),
    "it": ("系统管理", "nation"),
    "security": ("安全管理", "nation"),
    "auditor": ("审计", "nation"),
}
STAFF = tuple(role for role in ROLES if role != "applicant")
POWERS = ("it", "security", "auditor")      # the three powers: apart from each other, and from every case
GIVES = {"it": STAFF, "unit_admin": ("clerk", "reviewer")}      # who gives which roles; nobody gives one to himself
STAGES = ("", "发布学科", "网上申请", "现场确认", "资格审核", "课程学习", "国家统考", "资格复核", "答辩资格", "答辩与授予", "报送")


def role_label(role):
    return "系统定时" if role == "system" else ROLES[role][0]
