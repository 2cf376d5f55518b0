package org.fasthebb.models.protocol;

import java.util.Locale;
import org.fasthebb.models.learn.FineTuning;
import org.fasthebb.models.learn.Schedule;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.readout.FeatureForm;

/**
 * The settings of learning the labels.
 *
 * @param readOut what learns them
 * @param labels the part of the training images whose labels are used, over 0 and at most 1
 * @param epochs at least 0
 * @param batch images per step, at least 2
 * @param schedule of the learning rate of fine-tuning
 * @param rate initial learning rate of fine-tuning, over 0
 * @param decay L2 penalty of fine-tuning, at least 0
 * @param dropout of fine-tuning in front of the classifier, at least 0 and below 1
 * @param form how features are made for all others; a linear read-out normalises them over the
 *     labelled images, those in closed form over labelled and unlabelled ones
 * @param unlabelled the first training images, of which those without a label help read-outs in
 *     closed form: features are normalised over them, and self-training guesses their labels
 * @param selfTraining the most rounds of self-training of ridge regression, at least 0
 */
public record ReadOutSettings(
    ReadOut readOut,
    double labels,
    int epochs,
    int batch,
    Schedule schedule,
    float rate,
    float decay,
    float dropout,
    FeatureForm form,
    int unlabelled,
    int selfTraining) {
  /** The usual number of images of {@link #unlabelled}, whose features take a minute or two. */
  public static final int UNLABELLED = 10_000;

  /** Checks the ranges. */
  public ReadOutSettings {
    Ranges.require(batch >= 2, "batch", batch, "at least 2");
    Ranges.require(epochs >= 0, "epochs", epochs, "at least 0");
    Ranges.require(rate > 0, "rate", rate, "over 0");
    Ranges.require(decay >= 0, "decay", decay, "at least 0");
    Ranges.require(dropout >= 0 && dropout < 1, "dropout", dropout, "at least 0 and below 1");
    Ranges.require(unlabelled >= 0, "unlabelled", unlabelled, "at least 0");
    Ranges.require(selfTraining >= 0, "self-training", selfTraining, "at least 0");
  }

  /** The default settings of a read-out from some network, with its authors' values. */
  public static ReadOutSettings of(ReadOut readOut, double labels, Architecture network) {
    FineTuning authors = FineTuning.cifar10();
    return new ReadOutSettings(
        readOut,
        labels,
        readOut.epochs(),
        network.batch(),
        authors.schedule(),
        authors.rate(),
        network.decay(),
        authors.dropout(),
        readOut.form(),
        UNLABELLED,
        0);
  }

  /** A copy of these settings with another number of epochs and another batch size. */
  public ReadOutSettings during(int otherEpochs, int otherBatch) {
    return new ReadOutSettings(
        readOut,
        labels,
        otherEpochs,
        otherBatch,
        schedule,
        rate,
        decay,
        dropout,
        form,
        unlabelled,
        selfTraining);
  }

  /** A copy of these settings with another weight decay of fine-tuning. */
  public ReadOutSettings decaying(float otherDecay) {
    return new ReadOutSettings(
        readOut,
        labels,
        epochs,
        batch,
        schedule,
        rate,
        otherDecay,
        dropout,
        form,
        unlabelled,
        selfTraining);
  }

  /** A copy of these settings with another number of rounds of self-training. */
  public ReadOutSettings selfTraining(int rounds) {
    return new ReadOutSettings(
        readOut, labels, epochs, batch, schedule, rate, decay, dropout, form, unlabelled, rounds);
  }

  /** The settings of fine-tuning, with the authors' momentum. */
  FineTuning fineTuning() {
    return new FineTuning(rate, FineTuning.cifar10().momentum(), decay, dropout, schedule);
  }

  /** The settings that features depend on, as text. */
  String featureIdentity() {
    return words(form.making());
  }

  private static String words(String words) {
    return words.isEmpty() ? "" : " " + words;
  }

  /**
   * All of these settings as text that identifies a run, with a space before it.
   *
   * @param pretrain the settings of pre-training; an equal batch is left out
   */
  String identity(PretrainSettings pretrain) {
    String own = batch == pretrain.batch() ? "" : " read_out_batch=" + batch;
    if (readOut == ReadOut.LINEAR) {
      return String.format(
          Locale.ROOT,
          " labels=%s read_out=%s read_out_epochs=%d%s%s",
          labels,
          readOut,
          epochs,
          own,
          words(form.toString()));
    }
    if (readOut.isClosedForm()) {
      return String.format(
              Locale.ROOT,
              " labels=%s read_out=%s%s unlabelled=%d",
              labels,
              readOut,
              words(form.toString()),
              unlabelled)
          + (selfTraining == 0 ? "" : " self_training=" + selfTraining);
    }
    ReadOutSettings usual = of(readOut, labels, pretrain.architecture());
    return String.format(
            Locale.ROOT,
            " labels=%s fine_tune_epochs=%d schedule=%s",
            labels,
            epochs,
            schedule.name().toLowerCase(Locale.ROOT))
        + part("rate", rate, usual.rate)
        + part("decay", decay, usual.decay)
        + part("dropout", dropout, usual.dropout)
        + own;
  }

  /** A setting as text, or nothing if it is the default; see {@link PretrainSettings#identity}. */
  private static String part(String name, float value, float authors) {
    return value == authors ? "" : String.format(Locale.ROOT, " %s=%s", name, value);
  }
}
