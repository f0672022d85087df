"""Databases, caches, tables, buckets, streams."""

import json

from . import tags


def subnet_group(estate, vpc):
    name = f"{vpc.name}-data"
    estate.client("rds", vpc.region).create_db_subnet_group(
        DBSubnetGroupName=name, DBSubnetGroupDescription=f"Data subnets of {vpc.name}", SubnetIds=vpc.of("data")
    )
    return name


def database(estate, vpc, name, engine, version, kind, size, key, team, zone=None, **more):
    rds = estate.client("rds", vpc.region)
    wants = dict(
        DBInstanceIdentifier=name,
        Engine=engine,
        EngineVersion=version,
        DBInstanceClass=kind,
        MasterUsername="owner",
        MasterUserPassword="not-a-real-secret",
        DBSubnetGroupName=f"{vpc.name}-data",
        VpcSecurityGroupIds=[vpc.groups["data"]],
        StorageEncrypted=True,
        KmsKeyId=estate[f"key/{key}"],
        Tags=tags(vpc.env, team, name),
        **more,
    )
    if size:
        wants.update(AllocatedStorage=size, StorageType="gp3")
    if zone:
        wants["AvailabilityZone"] = vpc.region + zone
    made = rds.create_db_instance(**wants)["DBInstance"]
    estate[f"db/{name}"] = made["DBInstanceArn"]


def cluster(estate, vpc, name, engine, version, kind, members, key, team):
    rds = estate.client("rds", vpc.region)
    rds.create_db_cluster(
        DBClusterIdentifier=name, Engine=engine, EngineVersion=version, MasterUsername="owner",
        MasterUserPassword="not-a-real-secret", DBSubnetGroupName=f"{vpc.name}-data",
        VpcSecurityGroupIds=[vpc.groups["data"]], StorageEncrypted=True, KmsKeyId=estate[f"key/{key}"],
        Tags=tags(vpc.env, team, name),
    )
    for member, zone in members:
        rds.create_db_instance(
            DBInstanceIdentifier=member, DBClusterIdentifier=name, Engine=engine, DBInstanceClass=kind,
            AvailabilityZone=vpc.region + zone, DBSubnetGroupName=f"{vpc.name}-data",
            Tags=tags(vpc.env, team, name),
        )


def build_databases(estate):
    shop, house = estate["vpc/shop-prod"], estate["vpc/warehouse-prod"]
    lake, standby = estate["vpc/analytics"], estate["vpc/shop-standby"]
    for vpc in (shop, house, lake, standby):
        subnet_group(estate, vpc)
    database(estate, shop, "orders", "postgres", "16.4", "db.r6g.xlarge", 500, "orders", "payments", "a", MultiAZ=True)
    rds = estate.client("rds")
    rds.create_db_instance_read_replica(
        DBInstanceIdentifier="orders-reader", SourceDBInstanceIdentifier="orders",
        DBInstanceClass="db.r6g.large", AvailabilityZone="eu-west-1b", Tags=tags("prod", "payments", "orders"),
    )
    cluster(estate, shop, "catalogue", "aurora-mysql", "8.0.mysql_aurora.3.07.1", "db.r6g.large",
            [("catalogue-1", "a"), ("catalogue-2", "b"), ("catalogue-3", "c")], "catalogue", "storefront")
    database(estate, house, "stock", "mariadb", "10.11.8", "db.m6g.large", 200, "warehouse", "logistics", "a", MultiAZ=True)
    cluster(estate, lake, "numbers", "aurora-postgresql", "16.4", "db.r6g.xlarge",
            [("numbers-1", "a"), ("numbers-2", "b")], "analytics", "insight")
    # moto looks for the subnet group in the source's region; `demo.rs` makes this one a replica.
    database(estate, standby, "orders-standby", "postgres", "16.4", "db.r6g.large", 500, "analytics", "payments", "a")

    cache = estate.client("elasticache")
    cache.create_cache_subnet_group(
        CacheSubnetGroupName="shop-prod-data", CacheSubnetGroupDescription="Data subnets", SubnetIds=shop.of("data")
    )
    cache.create_cache_cluster(
        CacheClusterId="sessions", Engine="redis", EngineVersion="7.1", CacheNodeType="cache.r6g.large",
        NumCacheNodes=1, CacheSubnetGroupName="shop-prod-data", SecurityGroupIds=[shop.groups["data"]],
        Tags=tags("prod", "storefront", "sessions"),
    )


def build_tables(estate):
    dynamo = estate.client("dynamodb")
    for name, key, team, stream in (
        ("baskets", "basket", "payments", False),
        ("stock-levels", "isbn", "logistics", True),
        ("loyalty-points", "reader", "storefront", False),
    ):
        more = {"StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}} if stream else {}
        made = dynamo.create_table(
            TableName=name, BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
            SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": estate["key/orders"]},
            Tags=tags("prod", team, name), **more,
        )["TableDescription"]
        estate[f"table/{name}"] = made
    estate.client("kinesis").create_stream(StreamName="clicks", ShardCount=4)
    estate["stream/clicks"] = estate.arn("kinesis", "stream/clicks")
    estate.client("kinesis", "us-east-1").create_stream(StreamName="sales-facts", ShardCount=2)


def build_buckets(estate):
    plan = (
        ("ottersea-static", "eu-west-1", "storefront", "shop", None),
        ("ottersea-covers", "eu-west-1", "storefront", "covers", "catalogue"),
        ("ottersea-invoices", "eu-west-1", "payments", "invoices", "orders"),
        ("ottersea-clickstream", "eu-west-1", "insight", "clicks", None),
        ("ottersea-backups", "eu-west-1", "platform", "backups", "orders"),
        ("ottersea-lake", "us-east-1", "insight", "lake", "analytics"),
        ("ottersea-reports", "us-east-1", "insight", "reports", "analytics"),
    )
    for name, region, team, service, key in plan:
        s3 = estate.client("s3", region)
        where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        s3.create_bucket(Bucket=name, **where)
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": tags("prod", team, service)})
        s3.put_public_access_block(
            Bucket=name,
            PublicAccessBlockConfiguration=dict(
                BlockPublicAcls=True, IgnorePublicAcls=True, BlockPublicPolicy=True, RestrictPublicBuckets=True
            ),
        )
        if key:
            rule = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": estate[f"key/{key}"]}
            s3.put_bucket_encryption(
                Bucket=name,
                ServerSideEncryptionConfiguration={"Rules": [{"ApplyServerSideEncryptionByDefault": rule}]},
            )
        if name in ("ottersea-invoices", "ottersea-backups"):
            s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    estate.client("s3").put_bucket_policy(
        Bucket="ottersea-static",
        Policy=json.dumps({"Version": "2012-10-17", "Statement": [{
            "Sid": "OnlyTheDistribution", "Effect": "Allow", "Principal": {"Service": "cloudfront.amazonaws.com"},
            "Action": "s3:GetObject", "Resource": "arn:aws:s3:::ottersea-static/*",
            "Condition": {"StringEquals": {"AWS:SourceArn": f"arn:aws:cloudfront::{estate.account}:distribution/*"}}}]}),
    )
