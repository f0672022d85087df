//! The harness itself: moto answers, its ids repeat, the door forwards.

use isobar_tests::{Door, Moto, run_python};

const VPC_ID: &str = "make_vpc.py";

#[test]
fn ids_repeat_from_the_seed() {
    let make = |moto: &Moto| run_python(VPC_ID, &[&moto.url()], &[]).ok();
    let (one, other) = (Moto::start(), Moto::start());
    let first = make(&one);
    assert!(first.starts_with("vpc-"), "{first}");
    assert_ne!(make(&one), first);
    assert_eq!(make(&other), first);
}

#[test]
fn the_door_sees_what_passes() {
    let moto = Moto::start();
    let port = moto.port();
    let door = Door::open(move |asked| asked.forward(port));
    let made = run_python(VPC_ID, &[&door.url()], &[]).ok();
    assert!(made.starts_with("vpc-"), "{made}");
    let operations: Vec<String> = door.asked().iter().map(|a| a.operation()).collect();
    assert_eq!(operations, ["CreateVpc"]);
}
