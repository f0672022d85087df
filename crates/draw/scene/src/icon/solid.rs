//! The bodies and each one's measures, which edges and labels need. How they are carved is left to
//! `carve` and `odd`.

use isobar_graph::Family;

/// A body of the isometric view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)] // Each name says what it looks like.
pub enum Solid {
    Block,
    Bridge,
    Cabinet,
    Card,
    Chest,
    Cloud,
    Comb,
    Cone,
    Crate,
    Crates,
    Dial,
    Discs,
    Drum,
    Flock,
    Gate,
    Globe,
    HexLow,
    HexTall,
    HexTier,
    Hives,
    House,
    Hub,
    Lanes,
    OctaLow,
    OctaTall,
    Pail,
    Pair,
    Pallet,
    Patch,
    Pawn,
    Pawns,
    Pin,
    Plain,
    Plates,
    Platter,
    Pod,
    Pods,
    Puck,
    Quad,
    Queue,
    Rail,
    Rings,
    Seal,
    Sheet,
    Shield,
    Slab,
    Socket,
    Spool,
    Stairs,
    Tier,
    Tower,
    Turnstile,
    Vault,
    Wall,
}

use Solid::*;

impl Solid {
    /// The body of a type that has no icon of its own.
    pub fn of_family(family: Family) -> Self {
        match family {
            Family::Compute => Crate,
            Family::Storage | Family::Neutral => Plain,
            Family::Database => Pair,
            Family::Network => OctaLow,
            Family::Security => HexLow,
            Family::Integration => Tier,
            Family::Edge => Puck,
        }
    }

    /// Its height in floor units.
    pub fn height(self) -> f64 {
        match self {
            Block => 1.15,
            Cone => 1.2,
            Discs | Hives => 1.22,
            Gate | Tower | Turnstile => 1.2,
            Globe | Pin | Pawn => 1.35,
            Chest | Pail | Wall | House | Cabinet | Pod => 0.95,
            Flock | Crates => 1.0,
            Crate | Vault => 0.86,
            HexTall | Pair | Pawns | Stairs => 0.8,
            Queue | Hub | Plates | Spool | Pods => 0.74,
            OctaTall | Comb | Pallet | Quad | Bridge | Platter => 0.62,
            HexLow | Drum | Slab | Tier | Plain | HexTier | Socket | Dial | Cloud => 0.5,
            OctaLow | Shield | Rail | Lanes | Rings | Patch => 0.42,
            Puck | Card | Seal | Sheet => 0.3,
        }
    }

    /// Whether lines pass through it: a gate stands across a border.
    pub fn is_gate(self) -> bool {
        matches!(self, Gate | Turnstile)
    }
}
