//! Two things at once: one wins, the other is told.

use std::time::Duration;

use countersign_client::{Client, ClientError};
use countersign_domain::approval::Status;
use countersign_e2e::{Server, asking};
use countersign_wire::Code;
use countersign_wire::approvals::{
    ApprovalView, ApproveRequest, AskRequest, CancelRequest, DenyRequest,
};

const ROUNDS: usize = 200;

/// Exactly one of two answers was taken, and the other one was refused with 409.
fn one_won(
    a: Result<ApprovalView, ClientError>,
    b: Result<ApprovalView, ClientError>,
) -> (ApprovalView, bool) {
    let (won, lost, first) = match (a, b) {
        (Ok(won), Err(lost)) => (won, lost, true),
        (Err(lost), Ok(won)) => (won, lost, false),
        both => panic!("not exactly one was taken: {both:?}"),
    };
    assert_eq!(status(&lost), (409, Code::AlreadyDecided));
    (won, first)
}

fn status(error: &ClientError) -> (u16, Code) {
    match error {
        ClientError::Problem(problem) => (problem.status, problem.code),
        other => panic!("not refused but {other:?}"),
    }
}

async fn opened(agent: &Client, round: usize) -> String {
    agent.ask(&asking(&format!("race.n{round}")), None).await.unwrap().id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn approve_against_deny() {
    let server = Server::start().await;
    let (agent, admin, other) = (server.agent("racer").await, server.admin(), server.admin());
    let mut approved = 0;
    for round in 0..ROUNDS {
        let id = opened(&agent, round).await;
        let (yes, no) = (
            ApproveRequest::default(),
            DenyRequest { reason: "no".into(), ..DenyRequest::default() },
        );
        let (yes, no) = if round % 2 == 0 {
            tokio::join!(admin.approve(&id, &yes), other.deny(&id, &no))
        } else {
            let (no, yes) = tokio::join!(other.deny(&id, &no), admin.approve(&id, &yes));
            (yes, no)
        };
        let (won, first) = one_won(yes, no);
        let told = agent.approval(&id).await.unwrap();
        assert_eq!(told.status, won.status);
        assert_eq!(told.answers.len(), 1);
        approved += usize::from(first);
    }
    assert!(
        (1..ROUNDS).contains(&approved),
        "both sides win now and then, or this is no race: {approved}"
    );
    server.verified_records();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn approve_against_cancel() {
    let server = Server::start().await;
    let (agent, admin) = (server.agent("racer").await, server.admin());
    for round in 0..ROUNDS {
        let id = opened(&agent, round).await;
        let (yes, never_mind) = (ApproveRequest::default(), CancelRequest::default());
        let (yes, gone) = tokio::join!(admin.approve(&id, &yes), agent.cancel(&id, &never_mind));
        let (won, _) = one_won(yes, gone);
        assert_eq!(agent.approval(&id).await.unwrap().status, won.status);
    }
    server.verified_records();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn approve_against_expiry() {
    let server = Server::start().await;
    let (agent, admin) = (server.agent("racer").await, server.admin());
    let mut approved = 0;
    for batch in 0..ROUNDS / 20 {
        let rounds = (0..20).map(|n| expiring(&agent, &admin, batch * 20 + n));
        let results = futures_util::future::join_all(rounds).await;
        approved += results.into_iter().filter(|approved| *approved).count();
    }
    assert!(
        (1..ROUNDS).contains(&approved),
        "both sides win now and then, or this is no race: {approved}"
    );
    server.verified_records();
}

/// One request that is answered about when its time runs out; whether it was approved.
async fn expiring(agent: &Client, admin: &Client, round: usize) -> bool {
    let ask = AskRequest { expires_in: Some("300ms".into()), ..asking(&format!("race.n{round}")) };
    let start = tokio::time::Instant::now();
    let id = agent.ask(&ask, None).await.unwrap().id;
    let near = Duration::from_millis(270 + u64::try_from(round % 60).unwrap());
    tokio::time::sleep_until(start + near).await;
    let answer = admin.approve(&id, &ApproveRequest::default()).await;
    let told = agent.wait(&id, Some(Duration::from_secs(10))).await.unwrap();
    match answer {
        Ok(_) => {
            assert_eq!(told.status, Status::Approved);
            let after = told.decided_at.expect("decided").duration_since(told.created_at);
            assert!(after.as_millis() < 300, "answered after its time: {told:?}");
        }
        Err(refused) => {
            assert!(
                [(409, Code::Expired), (409, Code::AlreadyDecided)].contains(&status(&refused))
            );
            assert_eq!(told.status, Status::Expired);
        }
    }
    told.status == Status::Approved
}
