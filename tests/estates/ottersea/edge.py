"""What faces the readers: the distribution and the names."""


def build(estate):
    wall = estate.client("wafv2")
    made = wall.create_web_acl(
        Name="shop-wall", Scope="REGIONAL", DefaultAction={"Allow": {}}, Description="Keeps robots out", Rules=[],
        VisibilityConfig={"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "wall"},
    )["Summary"]["ARN"]
    wall.associate_web_acl(WebACLArn=made, ResourceArn=estate["lb/shop-front"]["LoadBalancerArn"])

    cdn = estate.client("cloudfront", "us-east-1")
    front = estate["lb/shop-front"]["DNSName"]
    origins = [
        {"Id": "shop", "DomainName": front,
         "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"}},
        {"Id": "static", "DomainName": "ottersea-static.s3.eu-west-1.amazonaws.com",
         "S3OriginConfig": {"OriginAccessIdentity": ""}},
        {"Id": "covers", "DomainName": "ottersea-covers.s3.eu-west-1.amazonaws.com",
         "S3OriginConfig": {"OriginAccessIdentity": ""}},
    ]
    config = {
        "CallerReference": "ottersea-www",
        "Aliases": {"Quantity": 1, "Items": ["www.ottersea.example"]},
        "Comment": "The shop",
        "Enabled": True,
        "Origins": {"Quantity": len(origins), "Items": origins},
        "DefaultCacheBehavior": {
            "TargetOriginId": "shop", "ViewerProtocolPolicy": "redirect-to-https", "MinTTL": 0,
            "ForwardedValues": {"QueryString": True, "Cookies": {"Forward": "all"}},
        },
    }
    made = cdn.create_distribution_with_tags(DistributionConfigWithTags={
        "DistributionConfig": config,
        "Tags": {"Items": [{"Key": "Name", "Value": "www"}, {"Key": "env", "Value": "prod"},
                           {"Key": "team", "Value": "storefront"}, {"Key": "service", "Value": "shop"}]},
    })["Distribution"]
    estate["cdn/www"] = made

    dns = estate.client("route53", "us-east-1")
    zone = dns.create_hosted_zone(Name="ottersea.example.", CallerReference="ottersea")["HostedZone"]["Id"]

    def alias(name, target, target_zone):
        return {"Action": "CREATE", "ResourceRecordSet": {
            "Name": name, "Type": "A",
            "AliasTarget": {"HostedZoneId": target_zone, "DNSName": target, "EvaluateTargetHealth": False}}}

    changes = [
        alias("www.ottersea.example.", made["DomainName"], "Z2FDTNDATAQYW2"),
        alias("scan.ottersea.example.", estate["lb/warehouse-gate"]["DNSName"], "Z2IFOLAFXWLO4F"),
        alias("reports.ottersea.example.", estate["lb/reports"]["DNSName"], "Z35SXDOTRQ7X7K"),
        alias("standby.ottersea.example.", estate["lb/shop-standby"]["DNSName"], "Z35SXDOTRQ7X7K"),
        {"Action": "CREATE", "ResourceRecordSet": {
            "Name": "partners.ottersea.example.", "Type": "CNAME", "TTL": 300,
            "ResourceRecords": [{"Value": f"{estate['api/partner-api']}.execute-api.eu-west-1.amazonaws.com"}]}},
        {"Action": "CREATE", "ResourceRecordSet": {
            "Name": "app.ottersea.example.", "Type": "CNAME", "TTL": 300,
            "ResourceRecords": [{"Value": f"{estate['api/reader-app']}.execute-api.eu-west-1.amazonaws.com"}]}},
        {"Action": "CREATE", "ResourceRecordSet": {
            "Name": "ottersea.example.", "Type": "MX", "TTL": 3600,
            "ResourceRecords": [{"Value": "10 mail.ottersea.example."}]}},
    ]
    dns.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})
    dns.create_hosted_zone(
        Name="internal.ottersea.example.", CallerReference="ottersea-internal",
        HostedZoneConfig={"PrivateZone": True, "Comment": "Names inside the shop"},
        VPC={"VPCRegion": "eu-west-1", "VPCId": estate["vpc/shop-prod"].id},
    )
