"""A small estate in eu-west-1 for tests of the whole way: estate.py ENDPOINT [NAME].

NAME, where given, becomes every name and tag that AWS lets a user choose freely.
"""

import io
import json
import sys
import zipfile

import boto3

endpoint = sys.argv[1]
hostile = sys.argv[2] if len(sys.argv) > 2 else None


def client(service, region="eu-west-1"):
    return boto3.client(service, region_name=region, endpoint_url=endpoint)


def tags(name):
    return [{"Key": "Name", "Value": hostile or name}, {"Key": "env", "Value": (hostile or "prod")[:256]}]


def spec(kind, name):
    return [{"ResourceType": kind, "Tags": tags(name)}]


ec2 = client("ec2")
vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=spec("vpc", "shop"))["Vpc"]["VpcId"]
igw = ec2.create_internet_gateway(TagSpecifications=spec("internet-gateway", "door"))["InternetGateway"]["InternetGatewayId"]
ec2.attach_internet_gateway(InternetGatewayId=igw, VpcId=vpc)
subnets = []
for at, zone in enumerate("ab"):
    made = ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{at}.0/24", AvailabilityZone=f"eu-west-1{zone}",
                             TagSpecifications=spec("subnet", f"front-{zone}"))
    subnets.append(made["Subnet"]["SubnetId"])
table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=igw)
for subnet in subnets:
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
group = ec2.create_security_group(GroupName="web", Description="web", VpcId=vpc)["GroupId"]
ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[
    {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])
image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
servers = [
    ec2.run_instances(ImageId=image, InstanceType="t3.small", MinCount=1, MaxCount=1, SubnetId=subnets[at],
                      SecurityGroupIds=[group], TagSpecifications=spec("instance", f"web-{at}"))["Instances"][0]["InstanceId"]
    for at in range(2)
]
elb = client("elbv2")
lb = elb.create_load_balancer(Name="front", Subnets=subnets, SecurityGroups=[group], Tags=tags("front"))["LoadBalancers"][0]["LoadBalancerArn"]
targets = elb.create_target_group(Name="web", Protocol="HTTP", Port=80, VpcId=vpc)["TargetGroups"][0]["TargetGroupArn"]
elb.register_targets(TargetGroupArn=targets, Targets=[{"Id": id} for id in servers])
elb.create_listener(LoadBalancerArn=lb, Protocol="HTTP", Port=80, DefaultActions=[{"Type": "forward", "TargetGroupArn": targets}])
rds = client("rds")
rds.create_db_subnet_group(DBSubnetGroupName="data", DBSubnetGroupDescription=hostile or "data", SubnetIds=subnets)
rds.create_db_instance(DBInstanceIdentifier="orders", Engine="postgres", DBInstanceClass="db.t3.small", AllocatedStorage=20,
                       MasterUsername="owner", MasterUserPassword="not-a-real-secret", DBSubnetGroupName="data", Tags=tags("orders"))
iam = client("iam", "us-east-1")
trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
for role in ("worker", "isobar"):
    iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(trust), Description=(hostile or "")[:900].replace("\n", " "))
buffer = io.BytesIO()
with zipfile.ZipFile(buffer, "w") as archive:
    archive.writestr("main.py", "def handler(event, context):\n    return event\n")
client("lambda").create_function(
    FunctionName="resize", Runtime="python3.13", Role="arn:aws:iam::123456789012:role/worker", Handler="main.handler",
    Code={"ZipFile": buffer.getvalue()}, Environment={"Variables": {"TOKEN": "not-a-real-secret"}},
    Description=(hostile or "")[:256], Tags={"env": (hostile or "prod")[:256]})
queue = client("sqs").create_queue(QueueName="jobs", tags={"env": (hostile or "prod")[:256]})["QueueUrl"]
client("lambda").create_event_source_mapping(EventSourceArn="arn:aws:sqs:eu-west-1:123456789012:jobs", FunctionName="resize")
s3 = client("s3")
s3.create_bucket(Bucket="photos-of-a-test", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
s3.put_bucket_tagging(Bucket="photos-of-a-test", Tagging={"TagSet": [{"Key": "env", "Value": (hostile or "prod")[:256]}]})
print(json.dumps({"vpc": vpc, "servers": servers}))
