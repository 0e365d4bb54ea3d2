//! What the verifier refuses: each flaw is made on purpose.

use comity_clearing::currency::{
    Clearing, Consent, CurrencyConsent, Leg, Node, PartyConsent, Problem, Rates, Residue, check,
};

use crate::{clear, owes, problem};

#[test]
fn an_altered_answer_is_refused_with_what_is_wrong() {
    let rates = Rates::new(vec![1_000, 93]).expect("a vector of rates");
    let obligations = [owes(0, 1, 0, 50), owes(1, 0, 1, 100), owes(0, 1, 0, 20), owes(1, 2, 0, 5)];
    let question = problem(3, &rates, &obligations, Consent::Amount(20_000));
    let good = clear(&question);
    let mut told: Vec<String> = Vec::new();
    let mut refuse = |question: &Problem<'_>, alter: &dyn Fn(&mut Clearing)| {
        let mut bad = good.clone();
        alter(&mut bad);
        told.push(check(question, &bad).expect_err("refused").to_string());
    };
    refuse(&problem(3, &rates, &[owes(1, 1, 0, 1)], Consent::Nothing), &|_| ());
    refuse(&question, &|bad| bad.cleared.truncate(3));
    refuse(&question, &|bad| bad.certificate.hubs.truncate(2));
    refuse(&question, &|bad| bad.certificate.nodes.swap(0, 1));
    refuse(&question, &|bad| bad.certificate.nodes[2].potential = i64::MAX);
    refuse(&question, &|bad| bad.certificate.nodes.push(Node { party: 3, currency: 0, potential: 0 }));
    refuse(&question, &|bad| bad.cleared[1] = 101);
    refuse(&question, &|bad| bad.cleared[1] = -1);
    refuse(&question, &|bad| bad.certificate.nodes.retain(|node| (node.party, node.currency) != (0, 1)));
    refuse(&question, &|bad| bad.certificate.hubs[1].leave = i64::MIN);
    refuse(&question, &|bad| bad.cleared[1] -= 20);
    refuse(&question, &|bad| bad.cleared[1] -= 1);
    refuse(&question, &|bad| bad.residues.push(Residue { party: 2, value: 1 }));
    refuse(&question, &|bad| bad.legs[0].amount += 1);
    refuse(&question, &|bad| bad.legs.push(Leg { party: 2, currency: 0, amount: 1 }));
    refuse(&question, &|bad| bad.gross += 1);
    refuse(&question, &|bad| bad.value += 1);
    refuse(&question, &|bad| bad.bound -= 1);
    refuse(&question, &|bad| bad.certificate.hubs[0].enter += 1);
    let own = [PartyConsent { party: 0, consent: Consent::Amount(5_000) }];
    refuse(&Problem { party_consent: &own, ..question }, &|_| ());
    let limit = [CurrencyConsent { party: 1, currency: 1, amount: 99 }];
    refuse(&Problem { currency_consent: &limit, ..question }, &|_| ());
    refuse(&Problem { residue_limit: Some(1), ..question }, &|_| ());
    expect_test::expect![[r#"
        obligation 0 is owed by party 1 to itself
        3 cleared amounts given where 4 are expected
        2 hubs given where 3 are expected
        node 1 of the certificate is out of order or out of range
        node 2 of the certificate is out of order or out of range
        node 5 of the certificate is out of order or out of range
        101 cleared of obligation 1, which is 100
        -1 cleared of obligation 1, which is 100
        party 0 in currency 1 is missing in the certificate
        hub of party 1 in the certificate is out of range
        residue -1560 of party 0 exceeds the limit of 1091
        residue of party 0 is 207, 300 is stated
        residue of party 2 is 0, 1 is stated
        party 0 converts -9 of currency 0, -8 is stated
        party 2 converts 0 of currency 0, 1 is stated
        gross is 84300, 84301 is stated
        cleared value is 18300, 18301 is stated
        bound is 18600, 18599 is stated
        bound is 27900, 18600 is stated
        party 0 converts 9300 units of account, its consent ends at 6091
        party 1 converts 100 of currency 1, its consent ends at 99
        residue account carries 300 units of account, the limit is 1
    "#]]
    .assert_eq(&(told.join("\n") + "\n"));
}

/// What a consent of nothing forbids is not rounding.
#[test]
fn a_single_minor_unit_is_not_converted_without_consent() {
    let rates = Rates::new(vec![10, 9]).expect("a vector of rates");
    let obligations = [owes(0, 1, 0, 1), owes(1, 0, 1, 1)];
    let free = clear(&problem(2, &rates, &obligations, Consent::Amount(20)));
    let flaw = check(&problem(2, &rates, &obligations, Consent::Nothing), &free).expect_err("refused");
    expect_test::expect!["party 0 converts 9 units of account, its consent ends at 0"].assert_eq(&flaw.to_string());
}
