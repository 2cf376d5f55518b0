package org.fasthebb.models.protocol;

import java.util.Locale;
import org.fasthebb.hebb.SoftWta;
import org.fasthebb.models.learn.FineTuning;
import org.fasthebb.models.learn.HebbianLearner;

/**
 * Numbers of learning that can be tuned.
 *
 * @param eta learning rate of Hebbian pre-training, over 0
 * @param temperature of soft winner-takes-all, over 0
 * @param rate initial learning rate of fine-tuning, over 0
 * @param decay L2 penalty of fine-tuning, at least 0
 * @param dropout probability in front of the classifier, at least 0 and below 1
 */
public record Hyperparameters(
    float eta, float temperature, float rate, float decay, float dropout) {
  /** The authors' for CIFAR-10. */
  public static final Hyperparameters AUTHORS =
      new Hyperparameters(
          HebbianLearner.RATE,
          SoftWta.TEMPERATURE,
          FineTuning.cifar10().rate(),
          FineTuning.cifar10().decay(),
          FineTuning.cifar10().dropout());

  /** Checks the ranges. */
  public Hyperparameters {
    require(eta > 0, "eta", eta, "over 0");
    require(temperature > 0, "temperature", temperature, "over 0");
    require(rate > 0, "rate", rate, "over 0");
    require(decay >= 0, "decay", decay, "at least 0");
    require(dropout >= 0 && dropout < 1, "dropout", dropout, "at least 0 and below 1");
  }

  private static void require(boolean fine, String name, float value, String range) {
    if (!fine) {
      throw new IllegalArgumentException(name + " is " + value + "; it must be " + range);
    }
  }

  /** These with others for pre-training. */
  public Hyperparameters withPretraining(float newEta, float newTemperature) {
    return new Hyperparameters(newEta, newTemperature, rate, decay, dropout);
  }

  /** These with others for fine-tuning. */
  public Hyperparameters withFineTuning(float newRate, float newDecay, float newDropout) {
    return new Hyperparameters(eta, temperature, newRate, newDecay, newDropout);
  }

  /** What of pre-training by a rule differs from the authors', each part after a space. */
  String pretrainingIdentity(Settings.Rule rule) {
    return (rule.isHebbian() ? part("eta", eta, AUTHORS.eta) : "")
        + (rule == Settings.Rule.SWTA ? part("temperature", temperature, AUTHORS.temperature) : "");
  }

  /** What of fine-tuning differs from the authors', each part after a space. */
  String fineTuningIdentity() {
    return part("rate", rate, AUTHORS.rate)
        + part("decay", decay, AUTHORS.decay)
        + part("dropout", dropout, AUTHORS.dropout);
  }

  /**
   * Nothing for the authors' value, so that what was trained before others could be had resumes.
   */
  private static String part(String name, float value, float authors) {
    return value == authors ? "" : String.format(Locale.ROOT, " %s=%s", name, value);
  }
}
