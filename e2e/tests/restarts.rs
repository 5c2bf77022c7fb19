//! The server is killed and started again: nothing that was acknowledged is lost.

use std::time::Duration;

use countersign_domain::approval::{OutcomeKind, Status};
use countersign_e2e::{Server, asking};
use countersign_wire::approvals::{ApproveRequest, DenyRequest};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pending_requests_and_answers_survive_kill_9() {
    let mut server = Server::start().await;
    let (agent, admin) = (server.agent("worker").await, server.admin());
    let mut ids = Vec::new();
    for n in 0..50 {
        ids.push(agent.ask(&asking(&format!("work.n{n}")), None).await.unwrap().id);
    }
    for id in &ids[..10] {
        admin.approve(id, &ApproveRequest::default()).await.unwrap();
    }
    for id in &ids[10..20] {
        let no = DenyRequest { reason: "not now".into(), ..DenyRequest::default() };
        admin.deny(id, &no).await.unwrap();
    }
    server.kill();
    server.restart().await;
    for (n, id) in ids.iter().enumerate() {
        let expected = match n {
            0..10 => Status::Approved,
            10..20 => Status::Denied,
            _ => Status::Pending,
        };
        assert_eq!(agent.approval(id).await.unwrap().status, expected, "request {n}");
    }
    server.verified_records();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_in_the_middle_of_answers_loses_no_acknowledged_one() {
    let mut server = Server::start().await;
    for round in 0..5 {
        let (agent, admin) = (server.agent(&format!("worker-{round}")).await, server.admin());
        let mut ids = Vec::new();
        for n in 0..60 {
            ids.push(agent.ask(&asking(&format!("work.n{n}")), None).await.unwrap().id);
        }
        let answers: Vec<_> = ids
            .iter()
            .map(|id| {
                let (admin, id) = (admin.clone(), id.clone());
                tokio::spawn(
                    async move { admin.approve(&id, &ApproveRequest::default()).await.is_ok() },
                )
            })
            .collect();
        // Some answers are on their way, some are not: wherever the kill falls is right.
        tokio::time::sleep_until(tokio::time::Instant::now() + Duration::from_millis(3 * round))
            .await;
        server.kill();
        let acknowledged = futures_util::future::join_all(answers).await;
        server.restart().await;
        for (id, acknowledged) in ids.iter().zip(acknowledged) {
            let status = agent.approval(id).await.unwrap().status;
            assert!(
                !acknowledged.unwrap() || status == Status::Approved,
                "{id} was acknowledged and is {status}"
            );
        }
        server.verified_records();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_waits_through_a_restart_gets_its_answer() {
    let mut server = Server::start().await;
    let (agent, admin) = (server.agent("worker").await, server.admin());
    let id = agent.ask(&asking("work.long"), None).await.unwrap().id;
    let waiting = tokio::spawn({
        let (agent, id) = (agent.clone(), id.clone());
        async move { agent.wait(&id, Some(Duration::from_mins(1))).await }
    });
    tokio::time::sleep_until(tokio::time::Instant::now() + Duration::from_millis(200)).await;
    server.kill();
    server.restart().await;
    admin.approve(&id, &ApproveRequest::default()).await.unwrap();
    assert_eq!(waiting.await.unwrap().unwrap().outcome, OutcomeKind::Approved);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_told_to_stop_answers_everyone_who_is_parked() {
    let mut server = Server::start().await;
    let agent = server.agent("worker").await;
    let id = agent.ask(&asking("work.long"), None).await.unwrap().id;
    let waiting: Vec<_> = (0..500)
        .map(|_| {
            let (agent, id) = (agent.clone(), id.clone());
            tokio::spawn(async move { agent.poll(&id, Duration::from_secs(100)).await })
        })
        .collect();
    tokio::time::sleep_until(tokio::time::Instant::now() + Duration::from_secs(2)).await;
    server.terminate();
    for one in waiting {
        assert_eq!(one.await.unwrap().unwrap().outcome, OutcomeKind::Pending);
    }
    assert_eq!(server.ended(), Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_hundred_kills_none_loses_what_was_acknowledged() {
    let mut server = Server::start().await;
    let (agent, admin) = (server.agent("worker").await, server.admin());
    let mut approved = Vec::new();
    for round in 0..100_u64 {
        let id = agent.ask(&asking(&format!("work.n{round}")), None).await.unwrap().id;
        if round % 2 == 0 {
            admin.approve(&id, &ApproveRequest::default()).await.unwrap();
        }
        let unanswered = tokio::spawn({
            let agent = agent.clone();
            async move { drop(agent.ask(&asking("work.under.way"), None).await) }
        });
        // Anywhere from at once to after the next write.
        tokio::time::sleep_until(
            tokio::time::Instant::now() + Duration::from_micros(137 * (round % 23)),
        )
        .await;
        server.kill();
        drop(unanswered.await);
        server.restart().await;
        approved.push((id, round % 2 == 0));
        let (last, was_approved) = &approved[approved.len() / 2];
        for (id, approved) in [
            (last, was_approved),
            (&approved[approved.len() - 1].0, &approved[approved.len() - 1].1),
        ] {
            let status = if *approved { Status::Approved } else { Status::Pending };
            assert_eq!(agent.approval(id).await.unwrap().status, status, "round {round}");
        }
    }
    server.verified_records();
}

/// What is only written down now and then is written down once more at the end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_a_key_was_last_used_outlives_an_ordinary_end() {
    let mut server = Server::start().await;
    let agent = server.agent("worker").await;
    agent.ask(&asking("work.once"), None).await.unwrap();
    server.terminate();
    assert_eq!(server.ended_within(Duration::from_secs(10)).await, Some(0));
    server.restart().await;
    let keys = server.admin().keys().await.unwrap().items;
    let of_agents = keys.iter().filter(|key| key.kind == "agent");
    let used: Vec<_> = of_agents.map(|key| key.last_used_at.is_some()).collect();
    assert_eq!(used, [true]);
}
