//! `footwork local`: start, status, stop, and what it refuses.

use std::net::TcpListener;
use std::process::{Command, Output};

use harness::{House, program};

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn only_loopback_is_served() {
    for detach in [&[][..], &["--detach"]] {
        let arguments = [&["local", "start", "--memory", "--host", "0.0.0.0"], detach].concat();
        let output = Command::new(program()).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(
            stderr(&output).contains("`0.0.0.0` is not a loopback address"),
            "{}",
            stderr(&output)
        );
    }
}

#[test]
fn a_taken_port_is_named() {
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = other.local_addr().unwrap().port().to_string();
    let output = Command::new(program())
        .args(["local", "start", "--memory", "--port", &port])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = stderr(&output);
    assert!(
        said.contains(&format!("port {port} is taken")) && said.contains("--port"),
        "{said}"
    );
}

#[test]
fn a_detached_server_is_found_and_stopped() {
    let mut house = House::start(&["--memory"]);
    house.kill();
    let stopped = house.footwork(&["local", "status"]);
    assert_eq!(stopped.status.code(), Some(1), "{stopped:?}");

    let started = house.footwork(&["local", "start", "--detach", "--memory"]);
    assert!(started.status.success(), "{}", stderr(&started));
    let status = house.footwork_json(&["local", "status"]);
    assert_eq!(status["endpoint"], house.endpoint());
    assert!(
        status["services"].as_array().unwrap().len() > 10,
        "{status}"
    );
    for detach in [&[][..], &["--detach"]] {
        let twice = house.footwork(&[&["local", "start", "--memory"], detach].concat());
        assert_eq!(twice.status.code(), Some(2));
        assert!(stderr(&twice).contains("runs already"));
    }
    // Whoever is logged in at work is not kept from playing at home.
    let status = house
        .command(&["status", "--local"])
        .env("AWS_PROFILE", "work")
        .output();
    assert!(status.unwrap().status.success());

    assert!(house.footwork(&["local", "stop"]).status.success());
    assert_eq!(house.footwork(&["local", "status"]).status.code(), Some(1));
    assert!(
        house.footwork(&["local", "stop"]).status.success(),
        "stopping what is stopped is no fault"
    );
}

#[test]
fn two_servers_do_not_share_a_state() {
    let house = House::start(&[]);
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let second = house.footwork(&["local", "start", "--port", &port.to_string()]);
    assert_eq!(second.status.code(), Some(2));
    assert!(
        stderr(&second).contains("another local AWS keeps its state"),
        "{}",
        stderr(&second)
    );
}

#[test]
fn commands_start_the_server_when_there_is_none() {
    let mut house = House::start(&["--memory"]);
    house.kill();
    let status = house.footwork(&["status", "--local"]);
    assert!(status.status.success(), "{}", stderr(&status));
    assert!(
        stderr(&status).contains("started the local AWS"),
        "{}",
        stderr(&status)
    );
    assert!(house.footwork(&["local", "stop"]).status.success());
}
