"""Servers, scaling groups, containers, load balancers."""

from . import named, plain, spec, tags


def image(estate, region):
    images = estate.client("ec2", region).describe_images(Owners=["amazon"])["Images"]
    return sorted(i["ImageId"] for i in images if i.get("Architecture") == "x86_64")[0]


def servers(estate, vpc, names, kind, subnets, group, env, team, service, profile=None, disk=None, **more):
    """One server per name, dealt over the subnets."""
    ids = []
    for at, name in enumerate(names):
        wants = dict(
            ImageId=image(estate, vpc.region),
            InstanceType=kind,
            MinCount=1,
            MaxCount=1,
            ClientToken=f"{vpc.name}-{kind}-{at}",
            SubnetId=subnets[at % len(subnets)],
            SecurityGroupIds=[vpc.groups[group]],
            TagSpecifications=spec("instance", named(name, env, team, service, **more)),
        )
        if profile:
            wants["IamInstanceProfile"] = {"Arn": estate[f"profile/{profile}"]}
        instance = vpc.ec2.run_instances(**wants)["Instances"][0]
        ids.append(instance["InstanceId"])
        if disk:
            volume = vpc.ec2.create_volume(
                AvailabilityZone=instance["Placement"]["AvailabilityZone"],
                Size=disk,
                VolumeType="gp3",
                Encrypted=True,
                TagSpecifications=spec("volume", named(f"{name}-data", env, team, service)),
            )
            vpc.ec2.attach_volume(
                VolumeId=volume["VolumeId"], InstanceId=instance["InstanceId"], Device="/dev/sdf"
            )
    return ids


def scaling_group(estate, vpc, name, kind, subnets, each, group, env, team, service, targets=(), profile=None):
    """An Auto Scaling group with `each` servers in every subnet.

    moto starts all servers of a change in the first subnet named, so the list is turned.
    """
    data = {
        "ImageId": image(estate, vpc.region),
        "InstanceType": kind,
        "SecurityGroupIds": [vpc.groups[group]],
        "TagSpecifications": spec("instance", named(name, env, team, service)),
    }
    if profile:
        data["IamInstanceProfile"] = {"Arn": estate[f"profile/{profile}"]}
    vpc.ec2.create_launch_template(LaunchTemplateName=name, LaunchTemplateData=data)
    scaling = estate.client("autoscaling", vpc.region)
    total = each * len(subnets)
    scaling.create_auto_scaling_group(
        AutoScalingGroupName=name,
        LaunchTemplate={"LaunchTemplateName": name, "Version": "$Latest"},
        MinSize=each,
        MaxSize=total * 2,
        DesiredCapacity=each,
        VPCZoneIdentifier=",".join(subnets),
        TargetGroupARNs=list(targets),
        HealthCheckType="ELB" if targets else "EC2",
        Tags=[
            {**tag, "PropagateAtLaunch": True, "ResourceId": name, "ResourceType": "auto-scaling-group"}
            for tag in named(name, env, team, service)
        ],
    )
    for at in range(1, len(subnets)):
        turned = subnets[at:] + subnets[:at]
        scaling.update_auto_scaling_group(AutoScalingGroupName=name, VPCZoneIdentifier=",".join(turned))
        scaling.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=each * (at + 1))
    scaling.update_auto_scaling_group(AutoScalingGroupName=name, VPCZoneIdentifier=",".join(subnets))


def balancer(estate, vpc, name, kind, scheme, subnets, groups, env, team, service):
    wants = {"SecurityGroups": [vpc.groups[g] for g in groups]} if groups else {}
    made = estate.client("elbv2", vpc.region).create_load_balancer(
        Name=name, Type=kind, Scheme=scheme, Subnets=subnets, Tags=tags(env, team, service), **wants
    )["LoadBalancers"][0]
    estate[f"lb/{name}"] = made
    return made["LoadBalancerArn"]


def target_group(estate, vpc, name, protocol, port, kind, team):
    made = estate.client("elbv2", vpc.region).create_target_group(
        Name=name, Protocol=protocol, Port=port, VpcId=vpc.id, TargetType=kind,
        Tags=tags(vpc.env, team, name),
    )["TargetGroups"][0]
    return made["TargetGroupArn"]


def listen(estate, region, lb, protocol, port, group):
    made = estate.client("elbv2", region).create_listener(
        LoadBalancerArn=lb, Protocol=protocol, Port=port,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
    )
    return made["Listeners"][0]["ListenerArn"]


def service(estate, vpc, cluster, name, group, subnets, count, cpu, memory, task_role, target, team):
    """A Fargate service and its running tasks, dealt over the subnets."""
    ecs, elb = estate.client("ecs", vpc.region), estate.client("elbv2", vpc.region)
    container = {
        "name": name,
        "image": f"{estate.account}.dkr.ecr.{vpc.region}.amazonaws.com/{name}:2026.46",
        "portMappings": [{"containerPort": 8080}],
        "cpu": cpu,
        "memory": memory,
        "essential": True,
    }
    definition = ecs.register_task_definition(
        family=name,
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu=str(cpu),
        memory=str(memory),
        executionRoleArn=estate.role("ecs-execution"),
        taskRoleArn=estate.role(task_role),
        containerDefinitions=[container],
    )["taskDefinition"]["taskDefinitionArn"]
    network = lambda where: {
        "awsvpcConfiguration": {"subnets": where, "securityGroups": [vpc.groups[group]]}
    }
    pairs = [{"key": t["Key"], "value": t["Value"]} for t in tags(vpc.env, team, name)]
    wants = {}
    if target:
        wants["loadBalancers"] = [{"targetGroupArn": target, "containerName": name, "containerPort": 8080}]
    ecs.create_service(
        cluster=cluster, serviceName=name, taskDefinition=definition, desiredCount=count,
        launchType="FARGATE", networkConfiguration=network(subnets), tags=pairs, **wants,
    )
    for at in range(count):
        task = ecs.run_task(
            cluster=cluster, taskDefinition=definition, launchType="FARGATE", count=1,
            networkConfiguration=network([subnets[at % len(subnets)]]),
            startedBy=f"ecs-svc/{name}", group=f"service:{name}", tags=pairs,
        )["tasks"][0]
        if target:
            address = next(
                d["value"] for a in task["attachments"] for d in a["details"] if d["name"] == "privateIPv4Address"
            )
            elb.register_targets(TargetGroupArn=target, Targets=[{"Id": address, "Port": 8080}])


def build(estate):
    shop, house = estate["vpc/shop-prod"], estate["vpc/warehouse-prod"]
    shared, lake = estate["vpc/shared-services"], estate["vpc/analytics"]
    standby = estate["vpc/shop-standby"]

    # The shop: one public load balancer, web servers behind it, APIs in containers by path.
    front = balancer(estate, shop, "shop-front", "application", "internet-facing",
                     shop.of("public"), ["edge"], "prod", "storefront", "shop")
    web = target_group(estate, shop, "shop-web", "HTTP", 8080, "instance", "storefront")
    listener = listen(estate, "eu-west-1", front, "HTTP", 443, web)
    scaling_group(estate, shop, "shop-web", "m7i.large", shop.of("app"), 2, "web",
                  "prod", "storefront", "shop", [web], "shop-web")
    servers(estate, shop, ["추천 엔진 (recommender) 1", "추천 엔진 (recommender) 2"], "g5.xlarge",
            shop.of("app")[:2], "services", "prod", "insight", "recommender", disk=200)

    images = estate.client("ecr")
    for name, team in (("catalogue-api", "storefront"), ("checkout-api", "payments"), ("search-api", "storefront")):
        images.create_repository(repositoryName=name, imageTagMutability="IMMUTABLE", tags=tags("prod", team, name))
    ecs = estate.client("ecs")
    ecs.create_cluster(clusterName="shop", tags=[{"key": "team", "value": "storefront"}])
    apis = (
        ("catalogue-api", 3, 1024, 2048, "catalogue-task", "storefront"),
        ("checkout-api", 3, 1024, 4096, "checkout-task", "payments"),
        ("search-api", 2, 2048, 8192, "catalogue-task", "storefront"),
    )
    for at, (name, count, cpu, memory, role, team) in enumerate(apis):
        target = target_group(estate, shop, name, "HTTP", 8080, "ip", team)
        estate.client("elbv2").create_rule(
            ListenerArn=listener, Priority=10 + at,
            Conditions=[{"Field": "path-pattern", "Values": [f"/api/{name.split('-')[0]}/*"]}],
            Actions=[{"Type": "forward", "TargetGroupArn": target}],
        )
        service(estate, shop, "shop", name, "services", shop.of("app"), count, cpu, memory, role, target, team)

    # The warehouse: scanners talk to a network load balancer, controllers run the sorting line.
    gate = balancer(estate, house, "warehouse-gate", "network", "internet-facing",
                    house.of("public"), [], "prod", "logistics", "warehouse")
    lines = target_group(estate, house, "sorting-line", "TCP", 8883, "instance", "logistics")
    listen(estate, "eu-west-1", gate, "TCP", 8883, lines)
    ids = servers(estate, house, [f"sorter-{n}" for n in range(1, 5)], "c7i.large", house.of("app"),
                  "sorters", "prod", "logistics", "warehouse", profile="warehouse-sorter")
    estate.client("elbv2").register_targets(TargetGroupArn=lines, Targets=[{"Id": id, "Port": 8883} for id in ids])
    servers(estate, house, ["label-printer-hub"], "t3.small", house.of("app")[1:], "sorters",
            "prod", "logistics", "warehouse")

    # Shared services: build runners, dashboards, a way in for operators.
    scaling_group(estate, shared, "build-runners", "c7i.2xlarge", shared.of("app"), 1, "tools",
                  "shared", "platform", "builds", profile="build-runner")
    servers(estate, shared, ["grafana"], "t3.medium", shared.of("app"), "tools", "shared", "platform",
            "monitoring", disk=100)
    servers(estate, shared, ["bastion"], "t3.micro", shared.of("public"), "office", "shared", "platform", "access")

    # Virginia: loaders and reports, and a small standby of the shop.
    reports = balancer(estate, lake, "reports", "application", "internet-facing",
                       lake.of("public"), ["edge"], "prod", "insight", "reports")
    target = target_group(estate, lake, "reports", "HTTP", 8080, "ip", "insight")
    listen(estate, "us-east-1", reports, "HTTP", 443, target)
    estate.client("ecs", "us-east-1").create_cluster(clusterName="insight")
    service(estate, lake, "insight", "report-server", "workers", lake.of("app"), 2, 2048, 4096,
            "catalogue-task", target, "insight")
    scaling_group(estate, lake, "nightly-loaders", "r7i.xlarge", lake.of("app"), 2, "workers",
                  "prod", "insight", "loading")
    front = balancer(estate, standby, "shop-standby", "application", "internet-facing",
                     standby.of("public"), ["edge"], "standby", "storefront", "shop")
    web = target_group(estate, standby, "shop-standby-web", "HTTP", 8080, "instance", "storefront")
    listen(estate, "us-east-1", front, "HTTP", 443, web)
    scaling_group(estate, standby, "shop-standby-web", "m7i.large", standby.of("app"), 1, "web",
                  "standby", "storefront", "shop", [web], "shop-web")
