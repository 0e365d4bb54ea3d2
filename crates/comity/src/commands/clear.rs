//! `comity clear`: set off what parties owe each other, prove it is the most, write notices.

use crate::clear::report::{Report, proved};
use crate::clear::write::Written;
use crate::clear::{across, picture, prove, read, run, terms, write};
use crate::cli::Clear;
use crate::exit::{Exit, Failure};
use crate::output::{Output, count, print};

pub(crate) fn run(arguments: &Clear, output: Output) -> Result<(), Failure> {
    if let Some(dir) = &arguments.verify {
        prove::check_folder(dir)?;
    } else if let Some(dir) = &arguments.out {
        // Before a long run, not after it.
        write::check_free(dir)?;
    }
    if arguments.curve_picture.is_some() && arguments.liquidity.as_deref() != Some("curve") {
        return Err(Failure::new(
            Exit::Usage,
            "--curve-picture draws the whole curve; give --liquidity without an amount",
        ));
    }
    if arguments.picture.is_some() && arguments.picture == arguments.curve_picture {
        return Err(Failure::new(Exit::Usage, "the two pictures need two files"));
    }
    let mut book = read(&arguments.obligations)?;
    if let Some(rates) = &arguments.rates {
        return across::run(arguments, rates, &book, output);
    }
    let terms = terms::read(arguments, &mut book)?;
    if let Some(dir) = &arguments.verify {
        proved(&book, &prove::prove(dir, &book, &terms)?, output);
        return Ok(());
    }
    let outcomes = run::run(&book, &terms)?;
    let report = Report { book: &book, terms: &terms, outcomes: &outcomes };
    let written = match &arguments.out {
        Some(dir) => {
            let summary = |written: &Written| report.json(Some(written), false).pretty();
            Some(write::write(dir, arguments.format, (&book, &terms, &outcomes), summary)?)
        }
        None => None,
    };
    if let Some(file) = &arguments.picture {
        picture::write(file, &book, &outcomes)?;
    }
    if let Some(file) = &arguments.curve_picture {
        picture::write_curves(file, &book, &outcomes)?;
    }
    match output {
        Output::Json => print(&report.json(written.as_ref(), true).pretty()),
        Output::Table => {
            report.print();
            if let (Some(dir), Some(written)) = (&arguments.out, &written) {
                let (notices, residual) = (count(written.notices), count(written.residual));
                print(&format!("written to {}: {notices} set-off notices, {residual} obligations left", dir.display()));
            }
        }
    }
    Ok(())
}
