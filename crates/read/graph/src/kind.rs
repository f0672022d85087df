//! The closed vocabularies of the graph: relation kinds, flows, families, containers, tiers.

use std::fmt;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// Every word of this vocabulary, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word as files and JSON write it.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The word of that spelling.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.as_str() == text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// A named directed link between two resources, from what the configuration says.
    RelationKind {
        /// A volume to its instance, an ENI to its owner, an internet gateway to its VPC.
        AttachedTo = "attached-to",
        /// A load balancer to its target group, a target group to a target.
        Targets = "targets",
        /// An event source mapping, API integration or subscription to the function it runs.
        Invokes = "invokes",
        /// A topic to a subscriber.
        Subscribes = "subscribes",
        /// A bucket, rule or alarm to the topic, queue or bus it sends to.
        Publishes = "publishes",
        /// A consumer to what it reads.
        Reads = "reads",
        /// A producer to what it writes.
        Writes = "writes",
        /// A primary to its replica or standby.
        Replicates = "replicates",
        /// A VPC to a peered VPC.
        Peers = "peers",
        /// A route table or subnet to the gateway that a route names.
        RoutesTo = "routes-to",
        /// A subnet to its route table or network ACL.
        UsesTable = "uses-table",
        /// A key to what it encrypts.
        Encrypts = "encrypts",
        /// A principal or service to the role it may assume.
        Assumes = "assumes",
        /// A resource to the role it runs as.
        RunsAs = "runs-as",
        /// A queue to its dead-letter queue.
        DeadLettersTo = "dead-letters-to",
        /// A distribution to its origin.
        OriginOf = "origin-of",
        /// A DNS zone or record to what it points to.
        AliasOf = "alias-of",
        /// A resource to a security group that it wears.
        GuardedBy = "guarded-by",
        /// A security group to a group its rules let in.
        AllowsFrom = "allows-from",
        /// A group (Auto Scaling, ECS service or cluster, DB cluster) to its member.
        Contains = "contains",
        /// A principal to a policy or group.
        HasPolicy = "has-policy",
        /// Traffic from the internet into a resource open to it.
        Enters = "enters",
        /// A service to the secret or parameter that it uses.
        Uses = "uses",
        /// Anything a service file could not name better.
        ConnectsTo = "connects-to",
    }
}

impl RelationKind {
    /// The way the relation is drawn, or none when it is containment, membership or bookkeeping
    /// that plates and panels show better than a line.
    pub fn flow(self) -> Option<Flow> {
        use RelationKind::*;
        match self {
            Targets | Enters | OriginOf | AliasOf | Peers | ConnectsTo => Some(Flow::Request),
            Invokes | Subscribes | Publishes | DeadLettersTo => Some(Flow::Event),
            Reads | Writes | Replicates | Uses => Some(Flow::Data),
            RoutesTo => Some(Flow::Egress),
            Encrypts | Assumes | RunsAs => Some(Flow::Trust),
            AttachedTo | UsesTable | GuardedBy | AllowsFrom | Contains | HasPolicy => None,
        }
    }
}

words! {
    /// How an edge is drawn: colour and dash.
    Flow {
        /// Requests.
        Request = "request",
        /// Data access.
        Data = "data",
        /// Events, asynchronous.
        Event = "event",
        /// Egress.
        Egress = "egress",
        /// Encryption and IAM trust.
        Trust = "trust",
    }
}

words! {
    /// The family a resource belongs to; it carries the hue.
    Family {
        /// Compute.
        Compute = "compute",
        /// Storage.
        Storage = "storage",
        /// Databases.
        Database = "database",
        /// Network.
        Network = "network",
        /// Security and identity.
        Security = "security",
        /// Application integration.
        Integration = "integration",
        /// Edge: CDN and DNS.
        Edge = "edge",
        /// Everything else, the internet included.
        Neutral = "neutral",
    }
}

words! {
    /// A resource that holds others.
    ContainerKind {
        /// An AWS account.
        Account = "account",
        /// A region, `global` among them.
        Region = "region",
        /// A VPC.
        Vpc = "vpc",
        /// An availability zone inside one VPC.
        Zone = "zone",
        /// A subnet.
        Subnet = "subnet",
    }
}

words! {
    /// What a subnet's routes let it reach.
    Tier {
        /// A default route to an internet gateway.
        Public = "public",
        /// A default route to a NAT, transit or other private way out.
        Private = "private",
        /// No default route.
        Isolated = "isolated",
    }
}
