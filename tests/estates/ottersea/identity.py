"""Who works here and what may do what: users, groups, roles, policies, keys, secrets."""

import json
import uuid

from . import tags

READERS = ["s3:GetObject", "s3:ListBucket"]


def trust(service):
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        ],
    }


def allow(actions, resources):
    return {"Effect": "Allow", "Action": actions, "Resource": resources}


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def build_keys(estate):
    kms = estate.client("kms")
    for name, text, team in (
        ("orders", "Orders, payments and what customers may delete", "payments"),
        ("catalogue", "Catalogue, covers and search", "storefront"),
        ("warehouse", "Stock and the sorting line", "logistics"),
    ):
        made = kms.create_key(
            Description=text,
            Tags=[{"TagKey": t["Key"], "TagValue": t["Value"]} for t in tags("prod", team, name)],
        )
        kms.create_alias(AliasName=f"alias/{name}", TargetKeyId=made["KeyMetadata"]["KeyId"])
        kms.enable_key_rotation(KeyId=made["KeyMetadata"]["KeyId"])
        estate[f"key/{name}"] = made["KeyMetadata"]["Arn"]
    made = estate.client("kms", "us-east-1").create_key(Description="Numbers and reports")
    estate.client("kms", "us-east-1").create_alias(
        AliasName="alias/analytics", TargetKeyId=made["KeyMetadata"]["KeyId"]
    )
    estate["key/analytics"] = made["KeyMetadata"]["Arn"]

    secrets = estate.client("secretsmanager")
    for name, team, key in (
        ("orders-db/owner", "payments", "orders"),
        ("payment-provider/api", "payments", "orders"),
        ("catalogue-db/reader", "storefront", "catalogue"),
        ("partner-api/signing", "partners", "orders"),
    ):
        made = secrets.create_secret(
            Name=name,
            Description=f"Used by {team}",
            KmsKeyId=estate[f"key/{key}"],
            SecretString="not-a-real-secret",
            ClientRequestToken=str(uuid.uuid5(uuid.NAMESPACE_DNS, name)),
            Tags=tags("prod", team, name.split("/")[0]),
        )
        estate[f"secret/{name}"] = made["ARN"]


def build_roles(estate):
    iam = estate.client("iam", "us-east-1")

    def role(name, trusts, text, *statements):
        document = trusts if isinstance(trusts, dict) else trust(trusts)
        iam.create_role(
            RoleName=name,
            AssumeRolePolicyDocument=json.dumps(document),
            Description=text,
            Tags=tags("prod", "platform", name),
        )
        if statements:
            iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=policy(*statements))

    arn = estate.arn
    role("shop-web", "ec2.amazonaws.com", "Web servers of the shop",
         allow(READERS, ["arn:aws:s3:::ottersea-static/*"]),
         allow(["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"], [arn("dynamodb", "table/baskets")]))
    role("warehouse-sorter", "ec2.amazonaws.com", "Sorting line controllers",
         allow(["sqs:ReceiveMessage", "sqs:DeleteMessage"], [arn("sqs", "fulfilment")]))
    role("build-runner", "ec2.amazonaws.com", "Build runners",
         allow(["sts:AssumeRole"], [estate.role("deployer")]))
    for name in ("shop-web", "warehouse-sorter", "build-runner"):
        iam.create_instance_profile(InstanceProfileName=name)
        iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)
        estate[f"profile/{name}"] = f"arn:aws:iam::{estate.account}:instance-profile/{name}"
    role("ecs-execution", "ecs-tasks.amazonaws.com", "Pulls images, reads secrets at start",
         allow(["secretsmanager:GetSecretValue"], [estate["secret/orders-db/owner"]]))
    role("checkout-task", "ecs-tasks.amazonaws.com", "Checkout",
         allow(["sns:Publish"], [arn("sns", "order-placed")]),
         allow(["dynamodb:*"], [arn("dynamodb", "table/baskets")]))
    role("catalogue-task", "ecs-tasks.amazonaws.com", "Catalogue and search",
         allow(READERS, ["arn:aws:s3:::ottersea-covers", "arn:aws:s3:::ottersea-covers/*"]))
    role("order-functions", "lambda.amazonaws.com", "Functions around orders",
         allow(["sqs:*"], [arn("sqs", "orders-incoming"), arn("sqs", "invoicing")]),
         allow(["s3:PutObject"], ["arn:aws:s3:::ottersea-invoices/*"]))
    role("media-functions", "lambda.amazonaws.com", "Covers and previews",
         allow(["s3:GetObject", "s3:PutObject"], ["arn:aws:s3:::ottersea-covers/*"]))
    role("api-functions", "lambda.amazonaws.com", "Functions behind the APIs",
         allow(["dynamodb:GetItem", "dynamodb:Query"], [arn("dynamodb", "table/*")]))
    role("insight-functions", "lambda.amazonaws.com", "Click stream",
         allow(["kinesis:GetRecords", "kinesis:GetShardIterator"], [arn("kinesis", "stream/clicks")]))
    role("deployer",
         {"Version": "2012-10-17", "Statement": [
             {"Effect": "Allow", "Principal": {"AWS": estate.role("build-runner")}, "Action": "sts:AssumeRole"}]},
         "What a release may change", allow(["ecs:*", "lambda:*", "cloudfront:CreateInvalidation"], ["*"]))
    role("break-glass",
         {"Version": "2012-10-17", "Statement": [
             {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{estate.account}:root"}, "Action": "sts:AssumeRole",
              "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}]},
         "For the night when nothing else helps", allow(["*"], ["*"]))
    role("isobar",
         {"Version": "2012-10-17", "Statement": [
             {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:root"}, "Action": "sts:AssumeRole",
              "Condition": {"StringEquals": {"sts:ExternalId": "5e1f6a34-9f0c-4a53-8d41-0b1d5f0c7a21"}}}]},
         "Reads the account for its diagrams", allow(["ec2:Describe*", "s3:GetBucket*", "iam:List*"], ["*"]))


def build_people(estate):
    iam = estate.client("iam", "us-east-1")
    for name, statement in (
        ("read-orders", allow(["dynamodb:Get*", "rds:Describe*"], ["*"])),
        ("operate-shop", allow(["ecs:*", "autoscaling:*", "elasticloadbalancing:*"], ["*"])),
        ("read-bills", allow(["ce:Get*", "budgets:View*"], ["*"])),
    ):
        iam.create_policy(PolicyName=name, PolicyDocument=policy(statement))
    people = {
        "storefront": (["ada.kowalski", "minji.park", "tomas.oliveira"], "operate-shop"),
        "platform": (["hanna.virtanen", "samuel.osei"], "operate-shop"),
        "finance": (["claire.dubois"], "read-bills"),
    }
    for group, (users, attached) in people.items():
        iam.create_group(GroupName=group)
        iam.attach_group_policy(
            GroupName=group, PolicyArn=f"arn:aws:iam::{estate.account}:policy/{attached}"
        )
        for user in users:
            iam.create_user(UserName=user, Tags=tags("shared", group, "people"))
            iam.add_user_to_group(UserName=user, GroupName=group)
    iam.create_user(UserName="partner-feed", Tags=tags("prod", "partners", "feed"))
    iam.create_access_key(UserName="partner-feed")
    iam.attach_user_policy(
        UserName="partner-feed", PolicyArn=f"arn:aws:iam::{estate.account}:policy/read-orders"
    )
