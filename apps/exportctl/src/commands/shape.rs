//! Options that say how the files look, the same for `convert` and `submit`.

use clap::{Args, ValueEnum};
use export_core::catalogue::{ExportType, Format};
use export_core::request::Baseline;
use serde_json::{Map, Value, json};

use crate::failure::Failure;

/// How files look. Each option fits some formats only.
#[derive(Args, Debug)]
#[command(next_help_heading = "How the files look")]
pub(crate) struct Shape {
    /// Template of a PDF report (compliance-detailed, compliance-executive) or of SARIF (developer-sarif)
    #[arg(long, value_name = "NAME")]
    template: Option<String>,
    /// Version of CycloneDX (1.4, 1.5, 1.6, 1.7) or SPDX (2.3, 3.0.1)
    #[arg(long, value_name = "VERSION")]
    spec_version: Option<String>,
    /// JSON as one document a line
    #[arg(long)]
    json_lines: bool,
    /// Whom SARIF is for: github splits it within the limits of code scanning
    #[arg(long, value_name = "PROFILE")]
    sarif_profile: Option<Profile>,
    /// Between the fields of CSV: , ; | or tab
    #[arg(long, value_name = "CHARACTER", value_parser = delimiter)]
    csv_delimiter: Option<char>,
    /// Begin CSV with a byte order mark, for older spreadsheets
    #[arg(long)]
    csv_bom: bool,
    /// Write CSV texts as they are, for programs and not for spreadsheets
    #[arg(long)]
    csv_raw: bool,
    /// The earlier scan to compare with, or `previous`: of each scan, the one before it of the same image
    #[arg(long, value_name = "SCAN")]
    baseline: Option<Baseline>,
    /// Add the SBOM as one more file
    #[arg(long)]
    include_sbom: bool,
    /// Seal what is made: one more file, evidence.zip, that anyone can verify offline
    #[arg(long)]
    pub(crate) seal: bool,
    /// Say which upgrade ends which findings: one more table, or a part of the report
    #[arg(long)]
    include_remediation: bool,
    /// A name and a text that the report shows; may be given more than once
    #[arg(long = "custom-field", value_name = "NAME=VALUE", value_parser = field)]
    custom_fields: Vec<(String, String)>,
    /// What a file that cannot be read does: fail ends it all, warn leaves the file out and says so [default: fail]
    #[arg(long, value_name = "WHAT")]
    on_source_error: Option<OnError>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum OnError {
    Fail,
    Warn,
}

impl OnError {
    fn json(self) -> Value {
        match self {
            Self::Fail => json!("fail"),
            Self::Warn => json!("warn"),
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Profile {
    Full,
    Github,
}

fn delimiter(text: &str) -> Result<char, String> {
    let mut characters = text.chars();
    match (text, characters.next(), characters.next()) {
        ("tab" | "\\t", ..) => Ok('\t'),
        (_, Some(one), None) => Ok(one),
        _ => Err("must be one character, or tab".to_owned()),
    }
}

fn field(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("must be NAME=VALUE".to_owned()),
    }
}

/// What is told in a format when nothing else is asked for.
pub(crate) const fn usual_type(format: Format) -> ExportType {
    match format {
        Format::Json | Format::Sarif => ExportType::ScanReport,
        Format::Cyclonedx | Format::Spdx => ExportType::Sbom,
        Format::Zip | Format::TarGz => ExportType::EvidenceBundle,
        Format::Pdf | Format::Xlsx | Format::Csv => ExportType::VulnerabilityReport,
    }
}

impl Shape {
    /// The members of `options` that fit `format`.
    pub(crate) fn options(&self, format: Format) -> Value {
        let given = self.given().into_iter().filter(|option| option.formats.contains(&format));
        let mut options = Map::new();
        for option in given {
            match (option.value, options.get_mut(option.member)) {
                (Value::Object(more), Some(Value::Object(known))) => known.extend(more),
                (value, _) => drop(options.insert(option.member.to_owned(), value)),
            }
        }
        options.into()
    }

    /// Refuses an option that fits none of `formats`: it would do nothing.
    pub(crate) fn check(&self, formats: &[Format]) -> Result<(), Failure> {
        let useless = |option: &Given| !option.formats.iter().any(|format| formats.contains(format));
        match self.given().into_iter().find(useless) {
            None => Ok(()),
            Some(option) => {
                let fitting: Vec<String> = option.formats.iter().map(ToString::to_string).collect();
                let message = format!("--{} fits only {}", option.flag, fitting.join(", "));
                Err(Failure::usage(message))
            }
        }
    }

    fn given(&self) -> Vec<Given> {
        use Format::{Csv, Cyclonedx, Json, Pdf, Sarif, Spdx, TarGz, Xlsx, Zip};
        let csv = |name: &str, value: Value| json!({ name: value });
        let all = [
            given("template", "template", &[Pdf, Sarif], self.template.as_ref().map(|it| json!(it))),
            given(
                "spec-version",
                "spec_version",
                &[Cyclonedx, Spdx],
                self.spec_version.as_ref().map(|it| json!(it)),
            ),
            given(
                "seal",
                "include_evidence",
                &[Csv, Cyclonedx, Json, Pdf, Sarif, Spdx, Xlsx],
                self.seal.then_some(json!(true)),
            ),
            given("on-source-error", "on_source_error", Format::ALL, self.on_source_error.map(OnError::json)),
            given("json-lines", "json_lines", &[Json], self.json_lines.then_some(json!(true))),
            given("sarif-profile", "sarif_profile", &[Sarif], self.sarif_profile.map(Profile::json)),
            given("csv-delimiter", "csv", &[Csv], self.csv_delimiter.map(|it| csv("delimiter", json!(it)))),
            given("csv-bom", "csv", &[Csv], self.csv_bom.then(|| csv("bom", json!(true)))),
            given("csv-raw", "csv", &[Csv], self.csv_raw.then(|| csv("formula_escape", json!("off")))),
            given(
                "baseline",
                "baseline_scan_id",
                &[Json, Sarif, Pdf, Xlsx, Csv],
                self.baseline.as_ref().map(|it| json!(it)),
            ),
            given(
                "include-remediation",
                "include_remediation",
                &[Pdf, Xlsx, Csv, Json, Sarif, Zip, TarGz],
                self.include_remediation.then_some(json!(true)),
            ),
            given("custom-field", "custom_fields", &[Pdf, Xlsx, Json, Zip, TarGz], self.fields()),
            given(
                "include-sbom",
                "include_sbom",
                &[Pdf, Xlsx, Csv, Json, Sarif],
                self.include_sbom.then_some(json!(true)),
            ),
        ];
        all.into_iter().flatten().collect()
    }

    /// The fields by name; of a name that is given twice the last value counts.
    fn fields(&self) -> Option<Value> {
        let fields = self.custom_fields.iter().map(|(name, value)| (name.clone(), json!(value)));
        (!self.custom_fields.is_empty()).then(|| Value::Object(fields.collect()))
    }
}

/// An option that was given.
struct Given {
    flag: &'static str,
    member: &'static str,
    formats: &'static [Format],
    value: Value,
}

fn given(
    flag: &'static str,
    member: &'static str,
    formats: &'static [Format],
    value: Option<Value>,
) -> Option<Given> {
    value.map(|value| Given { flag, member, formats, value })
}

impl Profile {
    fn json(self) -> Value {
        match self {
            Self::Full => json!("full"),
            Self::Github => json!("github"),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        shape: Shape,
    }

    fn shape(line: &str) -> Shape {
        Line::try_parse_from(std::iter::once("exportctl").chain(line.split(' '))).unwrap().shape
    }

    #[test]
    fn each_format_gets_the_options_that_fit_it() {
        let shape = shape("--csv-delimiter tab --csv-bom --spec-version 1.7 --include-sbom");
        let csv = json!({ "csv": { "delimiter": "\t", "bom": true }, "include_sbom": true });
        assert_eq!(shape.options(Format::Csv), csv);
        assert_eq!(shape.options(Format::Cyclonedx), json!({ "spec_version": "1.7" }));
        assert_eq!(shape.options(Format::Zip), json!({}));
        let shape = self::shape("--include-remediation --custom-field a=b=c --custom-field d=");
        let fields = json!({ "include_remediation": true, "custom_fields": { "a": "b=c", "d": "" } });
        assert_eq!(shape.options(Format::Xlsx), fields);
        assert_eq!(shape.options(Format::Csv), json!({ "include_remediation": true }));
    }

    #[test]
    fn fields_are_named_texts() {
        let shape = shape("--custom-field Owner=Ann --custom-field Query=a=b --include-remediation");
        let expected =
            json!({ "include_remediation": true, "custom_fields": { "Owner": "Ann", "Query": "a=b" } });
        assert_eq!(shape.options(Format::Json), expected);
        assert_eq!(shape.options(Format::Sarif), json!({ "include_remediation": true }));
        assert!(Line::try_parse_from(["exportctl", "--custom-field", "=x"]).is_err());
    }

    #[test]
    fn an_option_that_fits_none_of_the_formats_is_refused_by_its_name() {
        assert!(shape("--json-lines").check(&[Format::Json, Format::Csv]).is_ok());
        let refused = shape("--sarif-profile github").check(&[Format::Json]).unwrap_err();
        assert!(refused.message.contains("--sarif-profile fits only sarif"), "{refused:?}");
    }
}
