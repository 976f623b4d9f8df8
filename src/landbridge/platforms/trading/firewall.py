"""Which of AWS's rules the platform's firewalls follow, and which of them only count."""

from landbridge.platforms.constructs.firewall import Groups

# A value of the dashboard is opaque text: known attacks apart, it must not be refused for its looks. The function checks it.
# The other region's functions forward writes without saying who they are.
OPAQUE = (
    "CrossSiteScripting_BODY",
    "EC2MetaDataSSRF_BODY",
    "GenericLFI_BODY",
    "GenericRFI_BODY",
    "NoUserAgent_HEADER",
    "SizeRestrictions_BODY",
)
RULES: Groups = {
    "AWSManagedRulesAmazonIpReputationList": (),
    "AWSManagedRulesCommonRuleSet": OPAQUE,
    "AWSManagedRulesKnownBadInputsRuleSet": (),
}
