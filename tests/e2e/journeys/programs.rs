//! The journeys themselves: none leaves a program behind.

use std::{
    io::{self, BufRead, BufReader},
    panic,
    process::{ChildStdout, Stdio},
    sync::mpsc,
    thread,
};

use crate::programs::{PATIENCE, Program};

#[test]
fn a_journey_that_fails_leaves_no_program_behind() {
    let failed = panic::catch_unwind(|| {
        // As chromedriver does, it ends when it is asked to, and leaves what it has started behind.
        let script = "(trap '' TERM; echo started; sleep 600; echo ended) & wait";
        let mut program = Program::start("sh", |command| command.args(["-c", script]).stdout(Stdio::piped()));
        let output = program.child().stdout.take().expect("its output is a pipe");
        let mut output = BufReader::new(output);
        let mut line = String::new();
        output.read_line(&mut line).expect("it says something");
        panic::resume_unwind(Box::new(output));
    });
    let mut output = failed.expect_err("it has failed").downcast::<BufReader<ChildStdout>>().expect("the output");
    let (tell, told) = mpsc::channel();
    thread::spawn(move || tell.send(io::read_to_string(&mut output)));
    let rest = told.recv_timeout(PATIENCE).expect("nobody has its output open any more");
    assert_eq!(rest.expect("it can be read"), "", "it has not ended by itself");
}
