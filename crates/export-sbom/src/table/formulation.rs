//! How something came to be: formulas, workflows, tasks.

use super::Type::{Bool, Either, Link, List, Obj, Ref, Set, Text, Word};
use super::common::{ATTACHMENT, EXTERNAL_REFERENCE, PROPERTY};
use super::component::COMPONENT;
use super::document::DEPENDENCY;
use super::service::SERVICE;
use super::{DATE_TIME, Object, Rule, Words, object, opt, req, words};
use crate::version::Version::V1_5;

pub(super) static FORMULA: Object = object(&[
    opt("bom-ref", Ref),
    opt("components", Set(&Obj(&COMPONENT))),
    opt("services", Set(&Obj(&SERVICE))),
    opt("workflows", Set(&Obj(&WORKFLOW))),
    opt("properties", List(&Obj(&PROPERTY))),
]);

static WORKFLOW: Object = object(&[
    req("bom-ref", Ref),
    req("uid", Text),
    opt("name", Text),
    opt("description", Text),
    opt("resourceReferences", Set(&Obj(&RESOURCE))),
    opt("tasks", Set(&Obj(&TASK))),
    opt("taskDependencies", Set(&Obj(&DEPENDENCY))),
    req("taskTypes", List(&Word(&TASK_TYPE))),
    opt("trigger", Obj(&TRIGGER)),
    opt("steps", Set(&Obj(&STEP))),
    opt("inputs", Set(&Obj(&INPUT))),
    opt("outputs", Set(&Obj(&OUTPUT))),
    opt("timeStart", DATE_TIME),
    opt("timeEnd", DATE_TIME),
    opt("workspaces", Set(&Obj(&WORKSPACE))),
    opt("runtimeTopology", Set(&Obj(&DEPENDENCY))),
    opt("properties", List(&Obj(&PROPERTY))),
]);

static TASK_TYPE: Words =
    words(&[(V1_5, "copy, clone, lint, scan, merge, build, test, deliver, deploy, release, clean, other")]);

static TASK: Object = object(&[
    req("bom-ref", Ref),
    req("uid", Text),
    opt("name", Text),
    opt("description", Text),
    opt("resourceReferences", Set(&Obj(&RESOURCE))),
    req("taskTypes", List(&Word(&TASK_TYPE))),
    opt("trigger", Obj(&TRIGGER)),
    opt("steps", Set(&Obj(&STEP))),
    opt("inputs", Set(&Obj(&INPUT))),
    opt("outputs", Set(&Obj(&OUTPUT))),
    opt("timeStart", DATE_TIME),
    opt("timeEnd", DATE_TIME),
    opt("workspaces", Set(&Obj(&WORKSPACE))),
    opt("runtimeTopology", Set(&Obj(&DEPENDENCY))),
    opt("properties", List(&Obj(&PROPERTY))),
]);

static STEP: Object = object(&[
    opt("name", Text),
    opt("description", Text),
    opt("commands", List(&Obj(&COMMAND))),
    opt("properties", List(&Obj(&PROPERTY))),
]);

static COMMAND: Object = object(&[opt("executed", Text), opt("properties", List(&Obj(&PROPERTY)))]);

static WORKSPACE: Object = object(&[
    req("bom-ref", Ref),
    req("uid", Text),
    opt("name", Text),
    opt("aliases", List(&Text)),
    opt("description", Text),
    opt("resourceReferences", Set(&Obj(&RESOURCE))),
    opt("accessMode", Word(&ACCESS_MODE)),
    opt("mountPath", Text),
    opt("managedDataType", Text),
    opt("volumeRequest", Text),
    opt("volume", Obj(&VOLUME)),
    opt("properties", List(&Obj(&PROPERTY))),
]);

static ACCESS_MODE: Words =
    words(&[(V1_5, "read-only, read-write, read-write-once, write-once, write-only")]);

static VOLUME: Object = object(&[
    opt("uid", Text),
    opt("name", Text),
    opt("mode", Word(&VOLUME_MODE)),
    opt("path", Text),
    opt("sizeAllocated", Text),
    opt("persistent", Bool),
    opt("remote", Bool),
    opt("properties", List(&Obj(&PROPERTY))),
]);

static VOLUME_MODE: Words = words(&[(V1_5, "filesystem, block")]);

static TRIGGER: Object = object(&[
    req("bom-ref", Ref),
    req("uid", Text),
    opt("name", Text),
    opt("description", Text),
    opt("resourceReferences", Set(&Obj(&RESOURCE))),
    req("type", Word(&TRIGGER_TYPE)),
    opt("event", Obj(&EVENT)),
    opt("conditions", Set(&Obj(&CONDITION))),
    opt("timeActivated", DATE_TIME),
    opt("inputs", Set(&Obj(&INPUT))),
    opt("outputs", Set(&Obj(&OUTPUT))),
    opt("properties", List(&Obj(&PROPERTY))),
]);

static TRIGGER_TYPE: Words = words(&[(V1_5, "manual, api, webhook, scheduled")]);

static EVENT: Object = object(&[
    opt("uid", Text),
    opt("description", Text),
    opt("timeReceived", DATE_TIME),
    opt("data", Obj(&ATTACHMENT)),
    opt("source", Obj(&RESOURCE)),
    opt("target", Obj(&RESOURCE)),
    opt("properties", List(&Obj(&PROPERTY))),
]);

static INPUT: Object = object(&[
    opt("source", Obj(&RESOURCE)),
    opt("target", Obj(&RESOURCE)),
    opt("resource", Obj(&RESOURCE)),
    opt("parameters", Set(&Obj(&PARAMETER))),
    opt("environmentVars", Set(&Either(&[(V1_5, Obj(&PROPERTY)), (V1_5, Text)]))),
    opt("data", Obj(&ATTACHMENT)),
    opt("properties", List(&Obj(&PROPERTY))),
])
.rules(&[Rule::OneOf(&[&["resource"], &["parameters"], &["environmentVars"], &["data"]])]);

static OUTPUT: Object = object(&[
    opt("type", Word(&OUTPUT_TYPE)),
    opt("source", Obj(&RESOURCE)),
    opt("target", Obj(&RESOURCE)),
    opt("resource", Obj(&RESOURCE)),
    opt("data", Obj(&ATTACHMENT)),
    opt("environmentVars", Set(&Either(&[(V1_5, Obj(&PROPERTY)), (V1_5, Text)]))),
    opt("properties", List(&Obj(&PROPERTY))),
])
.rules(&[Rule::OneOf(&[&["resource"], &["environmentVars"], &["data"]])]);

static OUTPUT_TYPE: Words = words(&[(V1_5, "artifact, attestation, log, evidence, metrics, other")]);

static RESOURCE: Object = object(&[opt("ref", Link), opt("externalReference", Obj(&EXTERNAL_REFERENCE))])
    .rules(&[Rule::OneOf(&[&["ref"], &["externalReference"]])]);

static CONDITION: Object =
    object(&[opt("description", Text), opt("expression", Text), opt("properties", List(&Obj(&PROPERTY)))]);

static PARAMETER: Object = object(&[opt("name", Text), opt("value", Text), opt("dataType", Text)]);
