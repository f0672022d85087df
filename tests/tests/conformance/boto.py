"""Fills a moto server through boto3 and prints what boto3 reads back, one JSON line per call.

Each line: service, operation, region, parameters, and `answer` (all pages merged, as the AWS CLI prints
them: times in ISO 8601 and UTC, blobs in base64, no ResponseMetadata) or `code` of the error.
"""

import base64
import datetime
import io
import json
import sys
import zipfile

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.response import StreamingBody

URL, REGION = sys.argv[1], "eu-west-1"
made = {}


def client(service, region=REGION):
    key = service, region
    if key not in made:
        made[key] = boto3.client(
            service, region, endpoint_url=URL, aws_access_key_id="testing", aws_secret_access_key="testing",
            config=Config(retries={"max_attempts": 1}, inject_host_prefix=False),
        )
    return made[key]


def plain(value):
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items() if k != "ResponseMetadata"}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, datetime.datetime):
        value = value if value.tzinfo else value.replace(tzinfo=datetime.timezone.utc)
        return value.astimezone(datetime.timezone.utc).isoformat()
    if isinstance(value, StreamingBody):
        value = value.read()
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(value).decode()
    return value


def snake(name):
    return boto3.session.botocore.xform_name(name)


reads = []


def read(service, operation, region=REGION, **parameters):
    """Read later: what is made afterwards may show in this answer too."""
    reads.append((service, operation, region, parameters))


def print_read(service, operation, region, parameters):
    api, method = client(service, region), snake(operation)
    line = {"service": service, "operation": operation, "region": region, "parameters": parameters}
    try:
        if api.can_paginate(method):
            answer = api.get_paginator(method).paginate(**parameters).build_full_result()
        else:
            answer = getattr(api, method)(**parameters)
        line["answer"] = plain(answer)
    except ClientError as error:
        line["code"] = error.response["Error"]["Code"]
    print(json.dumps(line))


def archive():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("index.py", "def handler(event, context): pass\n")
    return out.getvalue()


TRUST = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {
    "Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]})
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]})
NASTY = "오리 <b>&amp; \"q\" ]]> é 🦆"


def iam():
    api = client("iam")
    role = api.create_role(RoleName="web", Path="/app/", AssumeRolePolicyDocument=TRUST, Description="for & <web>",
                           Tags=[{"Key": "env", "Value": "prod"}])["Role"]["Arn"]
    api.put_role_policy(RoleName="web", PolicyName="inline", PolicyDocument=POLICY)
    policy = api.create_policy(PolicyName="readers", PolicyDocument=POLICY)["Policy"]["Arn"]
    api.attach_role_policy(RoleName="web", PolicyArn=policy)
    api.create_user(UserName="duck", Tags=[{"Key": "team", "Value": "ops"}])
    api.create_access_key(UserName="duck")
    api.put_user_policy(UserName="duck", PolicyName="own", PolicyDocument=POLICY)
    api.create_group(GroupName="pond")
    api.add_user_to_group(GroupName="pond", UserName="duck")
    api.create_instance_profile(InstanceProfileName="web")
    api.add_role_to_instance_profile(InstanceProfileName="web", RoleName="web")
    api.create_account_alias(AccountAlias="otter")
    api.update_account_password_policy(MinimumPasswordLength=12, RequireNumbers=True)
    for number in range(120):
        api.create_user(UserName=f"user-{number:03}")
    read("iam", "ListRoles")
    read("iam", "GetRole", RoleName="web")
    read("iam", "GetRolePolicy", RoleName="web", PolicyName="inline")
    read("iam", "ListUsers")
    read("iam", "ListGroups")
    read("iam", "ListPolicies", Scope="Local")
    read("iam", "GetPolicyVersion", PolicyArn=policy, VersionId="v1")
    read("iam", "ListInstanceProfiles")
    read("iam", "ListAccessKeys", UserName="duck")
    read("iam", "ListAttachedRolePolicies", RoleName="web")
    read("iam", "ListAccountAliases")
    read("iam", "GetAccountSummary")
    read("iam", "GetAccountPasswordPolicy")
    read("iam", "GetAccountAuthorizationDetails", Filter=["Role", "User", "Group", "LocalManagedPolicy"])
    read("iam", "GetRole", RoleName="nobody")
    read("iam", "GetUserPolicy", UserName="duck", PolicyName="own")
    read("sts", "GetCallerIdentity")
    return role


def ec2():
    api = client("ec2")
    vpc = api.create_vpc(CidrBlock="10.1.0.0/16", TagSpecifications=[{"ResourceType": "vpc", "Tags": [
        {"Key": "Name", "Value": NASTY}]}])["Vpc"]["VpcId"]
    subnets = [api.create_subnet(VpcId=vpc, CidrBlock=f"10.1.{n}.0/24", AvailabilityZone=f"{REGION}{z}")["Subnet"]["SubnetId"]
               for n, z in enumerate("ab")]
    group = api.create_security_group(GroupName="web", Description="web & more", VpcId=vpc)["GroupId"]
    api.authorize_security_group_ingress(GroupId=group, IpPermissions=[
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "all"}]},
        {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]}])
    image = api.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    api.run_instances(ImageId=image, MinCount=3, MaxCount=3, InstanceType="t3.micro", SubnetId=subnets[0],
                      SecurityGroupIds=[group], UserData="#!/bin/sh\n")
    gateway = api.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    api.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    address = api.allocate_address(Domain="vpc")["AllocationId"]
    api.create_nat_gateway(SubnetId=subnets[0], AllocationId=address)
    table = api.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    api.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    api.associate_route_table(RouteTableId=table, SubnetId=subnets[0])
    api.create_volume(AvailabilityZone=f"{REGION}a", Size=8, Encrypted=True)
    api.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.s3", RouteTableIds=[table])
    other = api.create_vpc(CidrBlock="10.2.0.0/16")["Vpc"]["VpcId"]
    api.create_vpc_peering_connection(VpcId=vpc, PeerVpcId=other)
    api.create_network_interface(SubnetId=subnets[1], Groups=[group])
    api.create_egress_only_internet_gateway(VpcId=vpc)
    api.create_key_pair(KeyName="key")
    for name in ["Vpcs", "Subnets", "SecurityGroups", "SecurityGroupRules", "NetworkAcls", "RouteTables", "InternetGateways",
                 "NatGateways", "EgressOnlyInternetGateways", "VpcEndpoints", "VpcPeeringConnections", "NetworkInterfaces",
                 "Addresses", "Instances", "InstanceStatus", "Volumes", "AvailabilityZones", "Regions", "KeyPairs", "FlowLogs",
                 "TransitGateways", "CustomerGateways", "VpnGateways", "DhcpOptions", "PrefixLists", "ManagedPrefixLists"]:
        read("ec2", "Describe" + name)
    read("ec2", "DescribeInstances", Filters=[{"Name": "instance-state-name", "Values": ["running"]}])
    read("ec2", "DescribeInstances", Filters=[{"Name": "vpc-id", "Values": ["vpc-none"]}])
    read("ec2", "DescribeSnapshots", OwnerIds=["self"])
    read("ec2", "DescribeVpcs", VpcIds=["vpc-00000000"])
    read("ec2", "DescribeVpcAttribute", VpcId=vpc, Attribute="enableDnsSupport")
    return vpc, subnets, group, image


def balancers(vpc, subnets, group, image):
    api = client("elbv2")
    balancer = api.create_load_balancer(Name="front", Subnets=subnets, SecurityGroups=[group])["LoadBalancers"][0]["LoadBalancerArn"]
    target = api.create_target_group(Name="web", Protocol="HTTP", Port=80, VpcId=vpc)["TargetGroups"][0]["TargetGroupArn"]
    listener = api.create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=[
        {"Type": "forward", "TargetGroupArn": target}])["Listeners"][0]["ListenerArn"]
    read("elbv2", "DescribeLoadBalancers")
    read("elbv2", "DescribeTargetGroups")
    read("elbv2", "DescribeListeners", LoadBalancerArn=balancer)
    read("elbv2", "DescribeRules", ListenerArn=listener)
    read("elbv2", "DescribeTargetHealth", TargetGroupArn=target)
    read("elbv2", "DescribeLoadBalancerAttributes", LoadBalancerArn=balancer)
    read("elbv2", "DescribeTags", ResourceArns=[balancer, target])
    client("elb").create_load_balancer(LoadBalancerName="old", Listeners=[
        {"Protocol": "tcp", "LoadBalancerPort": 80, "InstancePort": 80}], AvailabilityZones=[f"{REGION}a"])
    read("elb", "DescribeLoadBalancers")
    read("elb", "DescribeLoadBalancerAttributes", LoadBalancerName="old")
    read("elb", "DescribeLoadBalancers", LoadBalancerNames=["nobody"])
    scaling = client("autoscaling")
    scaling.create_launch_configuration(LaunchConfigurationName="lc", ImageId=image, InstanceType="t3.micro")
    scaling.create_auto_scaling_group(AutoScalingGroupName="web", LaunchConfigurationName="lc", MinSize=0, MaxSize=2,
                                      DesiredCapacity=1, VPCZoneIdentifier=",".join(subnets),
                                      Tags=[{"Key": "a", "Value": "b", "PropagateAtLaunch": True}])
    read("autoscaling", "DescribeAutoScalingGroups")
    read("autoscaling", "DescribeLaunchConfigurations")


def data(subnets, group):
    rds = client("rds")
    rds.create_db_subnet_group(DBSubnetGroupName="db", DBSubnetGroupDescription="d", SubnetIds=subnets)
    rds.create_db_instance(DBInstanceIdentifier="orders", DBInstanceClass="db.t3.micro", Engine="postgres",
                           AllocatedStorage=20, MasterUsername="root", MasterUserPassword="secret99",
                           DBSubnetGroupName="db", VpcSecurityGroupIds=[group], Tags=[{"Key": "k", "Value": NASTY}])
    rds.create_db_cluster(DBClusterIdentifier="aurora", Engine="aurora-mysql", MasterUsername="root", MasterUserPassword="secret99")
    read("rds", "DescribeDBInstances")
    read("rds", "DescribeDBClusters")
    read("rds", "DescribeDBSubnetGroups")
    read("rds", "DescribeDBInstances", DBInstanceIdentifier="nobody")
    read("rds", "DescribeDBSnapshots")
    db = client("dynamodb")
    db.create_table(TableName="carts", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}], AttributeDefinitions=[
        {"AttributeName": "id", "AttributeType": "S"}], BillingMode="PAY_PER_REQUEST")
    read("dynamodb", "ListTables")
    read("dynamodb", "DescribeTable", TableName="carts")
    read("dynamodb", "DescribeTable", TableName="nobody")
    read("dynamodb", "DescribeContinuousBackups", TableName="carts")
    client("elasticache").create_cache_cluster(CacheClusterId="cache", Engine="redis", NumCacheNodes=1, CacheNodeType="cache.t3.micro")
    read("elasticache", "DescribeCacheClusters")
    client("redshift").create_cluster(ClusterIdentifier="dwh", NodeType="dc2.large", MasterUsername="root", MasterUserPassword="Secret99")
    read("redshift", "DescribeClusters")
    client("efs").create_file_system(CreationToken="t", Tags=[{"Key": "Name", "Value": "files"}])
    read("efs", "DescribeFileSystems")
    client("glue").create_database(DatabaseInput={"Name": "lake"})
    read("glue", "GetDatabases")
    client("kinesis").create_stream(StreamName="clicks", ShardCount=2)
    read("kinesis", "ListStreams")
    read("kinesis", "DescribeStreamSummary", StreamName="clicks")
    client("firehose").list_delivery_streams()
    read("firehose", "ListDeliveryStreams")
    read("athena", "ListWorkGroups")


def s3():
    api = client("s3")
    api.create_bucket(Bucket="photos", CreateBucketConfiguration={"LocationConstraint": REGION})
    client("s3", "us-east-1").create_bucket(Bucket="with.dots")
    api.put_bucket_tagging(Bucket="photos", Tagging={"TagSet": [{"Key": "k", "Value": NASTY}]})
    api.put_bucket_versioning(Bucket="photos", VersioningConfiguration={"Status": "Enabled"})
    api.put_bucket_policy(Bucket="photos", Policy=POLICY)
    api.put_bucket_encryption(Bucket="photos", ServerSideEncryptionConfiguration={"Rules": [
        {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]})
    api.put_bucket_lifecycle_configuration(Bucket="photos", LifecycleConfiguration={"Rules": [
        {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": "a/"}, "Expiration": {"Days": 9}}]})
    api.put_public_access_block(Bucket="photos", PublicAccessBlockConfiguration={"BlockPublicAcls": True, "IgnorePublicAcls": False})
    api.put_bucket_website(Bucket="photos", WebsiteConfiguration={"IndexDocument": {"Suffix": "i.html"}})
    for key in ["plain", "a/b c", "ü+%25", "<x>&"]:
        api.put_object(Bucket="photos", Key=key, Body=b"1", Metadata={"who": "me"}, ContentType="text/plain")
    read("s3", "ListBuckets")
    for name in ["Location", "Tagging", "Versioning", "Policy", "PolicyStatus", "Encryption", "Acl", "Website", "Logging",
                 "NotificationConfiguration", "LifecycleConfiguration", "Cors", "Replication"]:
        read("s3", "GetBucket" + name, Bucket="photos")
    read("s3", "GetBucketLocation", region="us-east-1", Bucket="with.dots")
    read("s3", "GetPublicAccessBlock", Bucket="photos")
    read("s3", "ListObjectsV2", Bucket="photos")
    read("s3", "ListObjectsV2", Bucket="photos", Delimiter="/")
    read("s3", "ListObjects", Bucket="photos")
    read("s3", "ListObjectVersions", Bucket="photos")
    read("s3", "GetObject", Bucket="photos", Key="a/b c")
    read("s3", "GetBucketTagging", Bucket="nobodys-bucket")


def compute(role):
    api = client("lambda")
    api.create_function(FunctionName="resize", Runtime="python3.12", Role=role, Handler="index.handler",
                        Code={"ZipFile": archive()}, Environment={"Variables": {"A": NASTY}}, Tags={"t": "1"})
    read("lambda", "ListFunctions")
    read("lambda", "GetFunction", FunctionName="resize")
    read("lambda", "GetFunctionConfiguration", FunctionName="resize")
    read("lambda", "ListEventSourceMappings")
    read("lambda", "GetPolicy", FunctionName="resize")
    read("lambda", "ListTags", Resource=f"arn:aws:lambda:{REGION}:123456789012:function:resize")
    ecs = client("ecs")
    ecs.create_cluster(clusterName="main", tags=[{"key": "a", "value": "b"}])
    ecs.register_task_definition(family="web", containerDefinitions=[
        {"name": "web", "image": "nginx", "memory": 64, "environment": [{"name": "A", "value": "B"}]}])
    ecs.create_service(cluster="main", serviceName="web", taskDefinition="web", desiredCount=0)
    read("ecs", "ListClusters")
    read("ecs", "DescribeClusters", clusters=["main"])
    read("ecs", "ListServices", cluster="main")
    read("ecs", "DescribeServices", cluster="main", services=["web"])
    read("ecs", "DescribeTaskDefinition", taskDefinition="web")
    client("ecr").create_repository(repositoryName="images")
    read("ecr", "DescribeRepositories")
    client("eks").create_cluster(name="kube", roleArn=role, resourcesVpcConfig={})
    read("eks", "ListClusters")
    read("eks", "DescribeCluster", name="kube")
    read("batch", "DescribeComputeEnvironments")


def messages(role):
    sqs = client("sqs")
    queue = sqs.create_queue(QueueName="jobs", Attributes={"VisibilityTimeout": "40"}, tags={"a": "b"})["QueueUrl"]
    read("sqs", "ListQueues")
    read("sqs", "GetQueueAttributes", QueueUrl=queue, AttributeNames=["All"])
    read("sqs", "ListQueueTags", QueueUrl=queue)
    read("sqs", "GetQueueUrl", QueueName="nobody")
    sns = client("sns")
    topic = sns.create_topic(Name="news", Tags=[{"Key": "a", "Value": NASTY}])["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:{REGION}:123456789012:jobs")
    read("sns", "ListTopics")
    read("sns", "GetTopicAttributes", TopicArn=topic)
    read("sns", "ListSubscriptions")
    read("sns", "ListTagsForResource", ResourceArn=topic)
    read("sns", "GetTopicAttributes", TopicArn=topic + "x")
    events = client("events")
    events.put_rule(Name="nightly", ScheduleExpression="rate(1 day)")
    read("events", "ListRules")
    read("events", "ListEventBuses")
    machine = client("stepfunctions").create_state_machine(name="flow", roleArn=role, definition=json.dumps(
        {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}))["stateMachineArn"]
    read("stepfunctions", "ListStateMachines")
    read("stepfunctions", "DescribeStateMachine", stateMachineArn=machine)


def edges():
    api = client("apigateway")
    rest = api.create_rest_api(name="shop", description=NASTY)["id"]
    read("apigateway", "GetRestApis")
    read("apigateway", "GetResources", restApiId=rest)
    read("apigateway", "GetStages", restApiId=rest)
    http = client("apigatewayv2").create_api(Name="shop2", ProtocolType="HTTP")["ApiId"]
    read("apigatewayv2", "GetApis")
    read("apigatewayv2", "GetRoutes", ApiId=http)
    front = client("cloudfront")
    made = front.create_distribution(DistributionConfig={
        "CallerReference": "1", "Comment": NASTY, "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [{"Id": "o", "DomainName": "photos.s3.amazonaws.com",
                                              "S3OriginConfig": {"OriginAccessIdentity": ""}}]},
        "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "allow-all", "MinTTL": 1, "TrustedSigners": {
            "Enabled": False, "Quantity": 0}, "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}}}})
    read("cloudfront", "ListDistributions")
    read("cloudfront", "GetDistribution", Id=made["Distribution"]["Id"])
    read("cloudfront", "GetDistribution", Id="nobody")
    dns = client("route53")
    zone = dns.create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"]
    dns.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": {
        "Name": "www.example.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "1.2.3.4"}]}}]})
    read("route53", "ListHostedZones")
    read("route53", "GetHostedZone", Id=zone)
    read("route53", "ListResourceRecordSets", HostedZoneId=zone)
    read("route53", "GetHostedZone", Id="Z0")
    client("acm").request_certificate(DomainName="example.com")
    read("acm", "ListCertificates")
    read("wafv2", "ListWebACLs", Scope="REGIONAL")


def management(role):
    kms = client("kms")
    key = kms.create_key(Description=NASTY, Tags=[{"TagKey": "a", "TagValue": "b"}])["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/main", TargetKeyId=key)
    read("kms", "ListKeys")
    read("kms", "DescribeKey", KeyId=key)
    read("kms", "ListAliases")
    read("kms", "GetKeyPolicy", KeyId=key, PolicyName="default")
    read("kms", "GetKeyRotationStatus", KeyId=key)
    client("secretsmanager").create_secret(Name="db", SecretString="x", Description="d")
    read("secretsmanager", "ListSecrets")
    read("secretsmanager", "DescribeSecret", SecretId="db")
    client("ssm").put_parameter(Name="/a", Value="1", Type="String")
    read("ssm", "DescribeParameters")
    logs = client("logs")
    logs.create_log_group(logGroupName="/aws/x")
    read("logs", "DescribeLogGroups")
    watch = client("cloudwatch")
    watch.put_metric_alarm(AlarmName="hot", MetricName="CPU", Namespace="AWS/EC2", Statistic="Average", Period=60,
                           EvaluationPeriods=1, Threshold=1.5, ComparisonOperator="GreaterThanThreshold")
    read("cloudwatch", "DescribeAlarms")
    stack = client("cloudformation")
    stack.create_stack(StackName="s", TemplateBody=json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": {
        "Q": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "from-stack"}}}}))
    read("cloudformation", "DescribeStacks")
    read("cloudformation", "ListStackResources", StackName="s")
    read("cloudformation", "GetTemplate", StackName="s")
    read("cloudformation", "DescribeStacks", StackName="nobody")
    client("cloudtrail").create_trail(Name="trail", S3BucketName="photos")
    read("cloudtrail", "DescribeTrails")
    read("cloudtrail", "GetTrailStatus", Name=f"arn:aws:cloudtrail:{REGION}:123456789012:trail/trail")
    client("cognito-idp").create_user_pool(PoolName="people")
    read("cognito-idp", "ListUserPools", MaxResults=10)
    client("organizations").create_organization(FeatureSet="ALL")
    read("organizations", "DescribeOrganization")
    read("organizations", "ListAccounts")
    read("config", "DescribeConfigurationRecorders")
    client("guardduty").create_detector(Enable=True)
    read("guardduty", "ListDetectors")
    read("resourcegroupstaggingapi", "GetResources")
    client("codebuild").list_projects()
    read("codebuild", "ListProjects")
    client("glacier").create_vault(accountId="-", vaultName="ice")
    read("glacier", "ListVaults")
    read("backup", "ListBackupVaults")
    read("ses", "ListIdentities")


role = iam()
vpc, subnets, group, image = ec2()
balancers(vpc, subnets, group, image)
data(subnets, group)
s3()
compute(role)
messages(role)
edges()
management(role)
for one in reads:
    print_read(*one)
