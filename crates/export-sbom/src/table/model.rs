//! Machine-learning models.

use super::Type::{Either, Link, List, Number, Obj, Ref, Text, Word};
use super::common::{EXTERNAL_REFERENCE, ORGANISATION, PROPERTY};
use super::data::{COMPONENT_DATA, GRAPHICS};
use super::{Object, Words, object, opt, req, words};
use crate::version::Version::{V1_5, V1_6};

pub(super) static MODEL_CARD: Object = object(&[
    opt("bom-ref", Ref),
    opt("modelParameters", Obj(&MODEL_PARAMETERS)),
    opt("quantitativeAnalysis", Obj(&QUANTITATIVE_ANALYSIS)),
    opt("considerations", Obj(&CONSIDERATIONS)),
    opt("properties", List(&Obj(&PROPERTY))),
]);

static MODEL_PARAMETERS: Object = object(&[
    opt("approach", Obj(&APPROACH)),
    opt("task", Text),
    opt("architectureFamily", Text),
    opt("modelArchitecture", Text),
    opt("datasets", List(&Either(&[(V1_5, Obj(&COMPONENT_DATA)), (V1_5, Obj(&DATASET))]))),
    opt("inputs", List(&Obj(&PARAMETERS))),
    opt("outputs", List(&Obj(&PARAMETERS))),
]);

static APPROACH: Object = object(&[opt("type", Word(&APPROACH_TYPE))]);

static APPROACH_TYPE: Words =
    words(&[(V1_5, "supervised, unsupervised, reinforcement-learning, semi-supervised, self-supervised")]);

static DATASET: Object = object(&[opt("ref", Link)]);

static PARAMETERS: Object = object(&[opt("format", Text)]);

static QUANTITATIVE_ANALYSIS: Object =
    object(&[opt("performanceMetrics", List(&Obj(&PERFORMANCE_METRIC))), opt("graphics", Obj(&GRAPHICS))]);

static PERFORMANCE_METRIC: Object = object(&[
    opt("type", Text),
    opt("value", Text),
    opt("slice", Text),
    opt("confidenceInterval", Obj(&CONFIDENCE_INTERVAL)),
]);

static CONFIDENCE_INTERVAL: Object = object(&[opt("lowerBound", Text), opt("upperBound", Text)]);

static CONSIDERATIONS: Object = object(&[
    opt("users", List(&Text)),
    opt("useCases", List(&Text)),
    opt("technicalLimitations", List(&Text)),
    opt("performanceTradeoffs", List(&Text)),
    opt("ethicalConsiderations", List(&Obj(&RISK))),
    opt("environmentalConsiderations", Obj(&ENVIRONMENT)).since(V1_6),
    opt("fairnessAssessments", List(&Obj(&FAIRNESS_ASSESSMENT))),
]);

static RISK: Object = object(&[opt("name", Text), opt("mitigationStrategy", Text)]);

static ENVIRONMENT: Object = object(&[
    opt("energyConsumptions", List(&Obj(&ENERGY_CONSUMPTION))),
    opt("properties", List(&Obj(&PROPERTY))),
]);

static ENERGY_CONSUMPTION: Object = object(&[
    req("activity", Word(&ACTIVITY)),
    req("energyProviders", List(&Obj(&ENERGY_PROVIDER))),
    req("activityEnergyCost", Obj(&ENERGY_MEASURE)),
    opt("co2CostEquivalent", Obj(&CO2_MEASURE)),
    opt("co2CostOffset", Obj(&CO2_MEASURE)),
    opt("properties", List(&Obj(&PROPERTY))),
]);

static ACTIVITY: Words = words(&[(
    V1_6,
    "design, data-collection, data-preparation, training, fine-tuning, validation, deployment, \
         inference, other",
)]);

static ENERGY_PROVIDER: Object = object(&[
    opt("bom-ref", Ref),
    opt("description", Text),
    req("organization", Obj(&ORGANISATION)),
    req("energySource", Word(&ENERGY_SOURCE)),
    req("energyProvided", Obj(&ENERGY_MEASURE)),
    opt("externalReferences", List(&Obj(&EXTERNAL_REFERENCE))),
]);

static ENERGY_SOURCE: Words = words(&[(
    V1_6,
    "coal, oil, natural-gas, nuclear, wind, solar, geothermal, hydropower, biofuel, unknown, \
         other",
)]);

static ENERGY_MEASURE: Object = object(&[req("value", Number), req("unit", Word(&ENERGY_UNIT))]);

static ENERGY_UNIT: Words = words(&[(V1_6, "kWh")]);

static CO2_MEASURE: Object = object(&[req("value", Number), req("unit", Word(&CO2_UNIT))]);

static CO2_UNIT: Words = words(&[(V1_6, "tCO2eq")]);

static FAIRNESS_ASSESSMENT: Object = object(&[
    opt("groupAtRisk", Text),
    opt("benefits", Text),
    opt("harms", Text),
    opt("mitigationStrategy", Text),
]);
