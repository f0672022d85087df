//! One workspace never sees another's rows; access lists; keys; external ids.

use isobar_model::{AccountId, Partition, Region, Secret, Timestamp};
use uuid::Uuid;

use crate::{Access, Account, Rights, ScanRow, Scope, Source, Store};

fn at(second: u32) -> Timestamp {
    Timestamp::parse(&format!("2026-11-22T00:00:{second:02}Z")).unwrap()
}

fn account(scope: &Scope, read: &[String], write: &[String]) -> Account {
    let list = |texts: &[String]| Access::parse((!texts.is_empty()).then_some(texts)).unwrap();
    Account {
        id: AccountId::random(),
        workspace: scope.workspace,
        creator: scope.user,
        name: "n".into(),
        role_arn: "arn:aws:iam::123456789012:role/r".into(),
        external_id: Uuid::new_v4(),
        region: Partition::Aws.home_region(),
        source: Source::Aws,
        read_access: list(read),
        write_access: list(write),
        aws_account: None,
        verified: None,
        warning: Some("w".into()),
        created: at(1),
        updated: at(2),
    }
}

async fn two_workspaces() -> (Store, Scope, Scope) {
    let store = Store::in_memory().await.unwrap();
    let a = store.operator(at(0)).await.unwrap();
    let b = store.workspace_create("other", "B", "b@example.com", at(1)).await.unwrap();
    (store, a, b)
}

#[tokio::test]
async fn one_workspace_never_sees_anothers() {
    let (store, a, b) = two_workspaces().await;
    assert_eq!(store.operator(at(5)).await.unwrap(), a, "made once");
    // Shared as widely as a list can say, with the other workspace named outright.
    let everyone = [format!("customer/{}", a.workspace), format!("customer/{}", b.workspace)];
    let mine = account(&a, &everyone, &everyone);
    store.account_insert(&a, &mine).await.unwrap();
    assert_eq!(store.account(&a, mine.id).await.unwrap(), Some(mine.clone()));
    let region = Region::parse("eu-west-1").unwrap();
    let job = store.job_start(&a, mine.id, &region, Uuid::nil(), at(3)).await.unwrap().unwrap();
    let row = ScanRow {
        account: mine.id,
        region: region.clone(),
        service: "ec2".into(),
        recording: Uuid::new_v4(),
        started: at(3),
        ended: at(4),
        calls: 1,
        gaps: 0,
    };
    store.scans_save(&a, std::slice::from_ref(&row)).await.unwrap();
    store.promise(&a, mine.id, &region, "r", at(4)).await.unwrap();
    let (key, _) = store.key_create(&a, "k", Rights::Read, at(4)).await.unwrap();
    let team = store.team_create(&a, "t", at(4)).await.unwrap();

    assert_eq!(store.accounts(&b).await.unwrap(), []);
    assert_eq!(store.account(&b, mine.id).await.unwrap(), None);
    assert_eq!(store.account_for_change(&b, mine.id).await.unwrap(), None);
    assert_eq!(store.account_for_job(&b, mine.id).await.unwrap(), None);
    assert!(!store.account_update(&b, &mine).await.unwrap());
    assert!(!store.account_remove(&b, mine.id).await.unwrap());
    assert_eq!(store.job_latest(&b, mine.id, &region).await.unwrap(), None);
    store.job_end(&b, job, Some(("x", "y")), at(5)).await.unwrap();
    assert!(!store.job_beat(&b, job, Uuid::nil(), at(5)).await.unwrap());
    assert_eq!(store.scans(&b, mine.id, None).await.unwrap(), []);
    assert_eq!(store.promised(&b, mine.id, &region, "r").await.unwrap(), None);
    store.promise_forget(&b, mine.id, &region, "r").await.unwrap();
    assert_eq!(store.keys(&b).await.unwrap(), []);
    assert!(!store.key_revoke(&b, key.id, at(5)).await.unwrap());
    assert_eq!(store.teams(&Scope { teams: vec![team], ..b.clone() }).await.unwrap(), []);
    assert!(!store.team_add(&b, team, b.user, "member").await.unwrap());
    assert!(!store.user_remove(&b, a.user).await.unwrap());
    assert_eq!(store.user(&Scope { user: a.user, ..b.clone() }).await.unwrap(), None);

    assert_eq!(store.job_latest(&a, mine.id, &region).await.unwrap().unwrap().error, None);
    assert_eq!(store.scans(&a, mine.id, Some(&region)).await.unwrap(), [row]);
    assert_eq!(store.promised(&a, mine.id, &region, "r").await.unwrap(), Some(at(4)));
    assert_eq!(store.keys(&a).await.unwrap()[0].revoked, None);
}

#[tokio::test]
async fn access_lists_are_checked_separately() {
    let (store, a, _) = two_workspaces().await;
    let user = store.user_create(&a, "C", "c@example.com", at(1)).await.unwrap();
    let team = store.team_create(&a, "t", at(1)).await.unwrap();
    assert!(store.team_add(&a, team, user.id, "member").await.unwrap());
    let (_, secret) =
        store.key_create(&Scope { user: user.id, ..a.clone() }, "k", Rights::ReadWrite, at(2)).await.unwrap();
    let c = store.authenticate(&secret, at(3)).await.unwrap().unwrap();
    assert_eq!((c.user, c.teams.as_slice()), (user.id, &[team][..]));
    let (by_team, by_all) = ([format!("team/{team}")], [format!("customer/{}", a.workspace)]);
    let foreign = [format!("team/{}", Uuid::new_v4())];
    // (read list, write list, may C read, may C write)
    for (read, write, reads, writes) in [
        (&[][..], &[][..], false, false),
        (&by_team, &[], true, false),
        (&by_all, &by_team, true, true),
        (&[], &by_team, false, true),
        (&foreign, &foreign, false, false),
    ] {
        let row = account(&a, read, write);
        store.account_insert(&a, &row).await.unwrap();
        assert!(store.account(&a, row.id).await.unwrap().is_some(), "the creator always reads");
        assert_eq!(store.account(&c, row.id).await.unwrap().is_some(), reads);
        let change = store.account_for_change(&c, row.id).await;
        assert_eq!(matches!(change, Ok(Some(_))), writes, "{change:?}");
        // May only read: told so. May neither: there is no such account.
        assert_eq!(matches!(change, Err(crate::Error::NoWriteAccess)), reads && !writes);
        store.account_remove(&a, row.id).await.unwrap();
    }
}

#[tokio::test]
async fn keys_are_hashed_revocable_and_limited() {
    let (store, a, _) = two_workspaces().await;
    let (key, secret) = store.key_create(&a, "k", Rights::Read, at(1)).await.unwrap();
    assert_eq!(secret.reveal().len(), 44);
    assert!(secret.reveal().starts_with(&key.prefix) && key.prefix.len() == 6);
    let columns = sqlx::query("SELECT * FROM api_key").fetch_all(&store.pool).await.unwrap();
    assert!(!format!("{:?}", crate::row::text(&columns[0], "hash")).contains(secret.reveal()));
    let scope = store.authenticate(&secret, at(2)).await.unwrap().unwrap();
    assert_eq!((scope.rights, scope.key), (Rights::Read, Some(key.id)));
    let row = account(&scope, &[], &[]);
    assert!(matches!(store.account_insert(&scope, &row).await, Err(crate::Error::ReadOnly)));
    assert_eq!(store.keys(&a).await.unwrap()[0].used, Some(at(2)));
    assert!(store.key_revoke(&a, key.id, at(3)).await.unwrap());
    assert_eq!(store.authenticate(&secret, at(4)).await.unwrap(), None);
    assert_eq!(store.authenticate(&Secret::new(""), at(4)).await.unwrap(), None);
    // A seeded key is made once, and stays revoked.
    let seed = Secret::new("from the environment");
    let first = store.key_seed(&a, &seed, at(5)).await.unwrap();
    assert_eq!(store.key_seed(&a, &seed, at(6)).await.unwrap(), first);
    store.key_revoke(&a, first.id, at(7)).await.unwrap();
    store.key_seed(&a, &seed, at(8)).await.unwrap();
    assert_eq!(store.authenticate(&seed, at(9)).await.unwrap(), None);
}

#[tokio::test]
async fn an_external_id_outlives_its_user() {
    let (store, a, _) = two_workspaces().await;
    let user = store.user_create(&a, "C", "c@example.com", at(1)).await.unwrap();
    let theirs = Scope { user: user.id, ..a.clone() };
    let shared = [format!("customer/{}", a.workspace)];
    let row = Account { external_id: user.external_id, ..account(&theirs, &shared, &shared) };
    store.account_insert(&theirs, &row).await.unwrap();
    let (_, secret) = store.key_create(&theirs, "k", Rights::Read, at(2)).await.unwrap();
    assert!(store.user_remove(&a, user.id).await.unwrap());
    assert_eq!(store.authenticate(&secret, at(3)).await.unwrap(), None);
    let kept = store.account(&a, row.id).await.unwrap().unwrap();
    assert_eq!((kept.external_id, kept.creator), (user.external_id, user.id));
}

#[tokio::test]
async fn one_job_per_account_and_region() {
    let (store, a, _) = two_workspaces().await;
    let row = account(&a, &[], &[]);
    store.account_insert(&a, &row).await.unwrap();
    let [x, y] = ["eu-west-1", "global"].map(|r| Region::parse(r).unwrap());
    let (first, second) = (Uuid::new_v4(), Uuid::new_v4());
    let job = store.job_start(&a, row.id, &x, first, at(1)).await.unwrap().unwrap();
    assert_eq!(store.job_start(&a, row.id, &x, second, at(1)).await.unwrap(), None);
    assert!(store.job_start(&a, row.id, &y, second, at(1)).await.unwrap().is_some());
    // Nobody takes a job that beats; whoever takes a silent one owns it.
    assert!(store.job_beat(&a, job, first, at(10)).await.unwrap());
    let taken = store.jobs_take_up(second, at(5), 3, at(10)).await.unwrap();
    assert_eq!(taken.iter().map(|(_, job)| &job.region).collect::<Vec<_>>(), [&y]);
    let taken = store.jobs_take_up(second, at(15), 3, at(20)).await.unwrap();
    assert_eq!(taken.len(), 2);
    assert_eq!(taken[0].0.workspace, a.workspace);
    assert!(!store.job_beat(&a, job, first, at(21)).await.unwrap(), "it was taken");
    // What was begun three times is given up.
    let taken = store.jobs_take_up(first, at(30), 3, at(31)).await.unwrap();
    assert_eq!(taken.iter().map(|(_, job)| job.id).collect::<Vec<_>>(), [job]);
    let given_up = store.job_latest(&a, row.id, &y).await.unwrap().unwrap();
    assert_eq!(given_up.error.unwrap().0, "interrupted");
    store.job_end(&a, job, None, at(32)).await.unwrap();
    assert!(store.job_start(&a, row.id, &x, first, at(33)).await.unwrap().is_some());
}
