package org.fasthebb.models.protocol;

import java.util.Locale;
import org.fasthebb.hebb.HebbianRule;
import org.fasthebb.hebb.Hpca;
import org.fasthebb.hebb.Naive;
import org.fasthebb.hebb.NaiveHpca;
import org.fasthebb.hebb.SoftWta;
import org.fasthebb.models.learn.FineTuning;
import org.fasthebb.models.learn.Schedule;
import org.fasthebb.models.network.VaeLoss;
import org.fasthebb.models.network.Variant;

/**
 * All that determines an experiment besides the data.
 *
 * @param rule how to pre-train
 * @param naive whether by the naive form of the rule
 * @param zcaEpsilon what whitening adds to eigenvalues, over 0; only for rules that whiten
 * @param vaeLoss what a variational auto-encoder minimises; only for the rule VAE
 * @param labels part of the training images whose labels fine-tuning sees, over 0 and at most 1
 * @param epochs of pre-training
 * @param fineTuneEpochs of fine-tuning
 * @param batch images per step, at least 2
 * @param schedule of the learning rate of fine-tuning
 * @param hyperparameters of learning
 * @param seed of everything random
 */
public record Settings(
    Rule rule,
    boolean naive,
    double zcaEpsilon,
    VaeLoss vaeLoss,
    double labels,
    int epochs,
    int fineTuneEpochs,
    int batch,
    Schedule schedule,
    Hyperparameters hyperparameters,
    long seed) {
  /** Rules of pre-training. */
  public enum Rule {
    /** Soft winner-takes-all. */
    SWTA(Variant.SWTA),
    /** Hebbian principal component analysis. */
    HPCA(Variant.HPCA),
    /** None, the control: the network of HPCA with its random weights. */
    NONE(Variant.HPCA),
    /** None, and only the classifier learns: random features. */
    FROZEN(Variant.HPCA),
    /** None: the usual network, trained by backprop alone. */
    SUPERVISED(Variant.BACKPROP),
    /** A variational auto-encoder trained by backprop, the paper's baseline. */
    VAE(Variant.BACKPROP);

    private final Variant variant;

    Rule(Variant variant) {
      this.variant = variant;
    }

    /** Whether the network learns before it sees labels. */
    public boolean isPretrained() {
      return isHebbian() || this == VAE;
    }

    /** The network that goes with it. */
    public Variant variant() {
      return variant;
    }

    /** Whether layers learn by a Hebbian rule. */
    public boolean isHebbian() {
      return this == SWTA || this == HPCA;
    }

    /** In lower case, as on the command line. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Checks the ranges. */
  public Settings {
    if (batch < 2) {
      throw new IllegalArgumentException("a batch of " + batch + " is too small; 2 is the least");
    }
    if (!(zcaEpsilon > 0)) {
      throw new IllegalArgumentException("zcaEpsilon is " + zcaEpsilon + "; it must be over 0");
    }
    if (epochs < 0 || fineTuneEpochs < 0) {
      throw new IllegalArgumentException("the number of epochs cannot be below 0");
    }
  }

  /** With the authors' hyper-parameters. */
  public Settings(
      Rule rule,
      boolean naive,
      double zcaEpsilon,
      VaeLoss vaeLoss,
      double labels,
      int epochs,
      int fineTuneEpochs,
      int batch,
      Schedule schedule,
      long seed) {
    this(
        rule,
        naive,
        zcaEpsilon,
        vaeLoss,
        labels,
        epochs,
        fineTuneEpochs,
        batch,
        schedule,
        Hyperparameters.AUTHORS,
        seed);
  }

  /** Epochs of pre-training that really happen: none without a rule. */
  public int pretrainEpochs() {
    return rule.isPretrained() ? epochs : 0;
  }

  /** The learning rule in the wanted form. */
  HebbianRule hebbianRule() {
    SoftWta softWta = new SoftWta(hyperparameters.temperature());
    return switch (rule) {
      case SWTA -> naive ? new Naive(softWta) : softWta;
      case HPCA, NONE, FROZEN, SUPERVISED -> naive ? new NaiveHpca() : new Hpca();
      case VAE -> throw new IllegalStateException("the rule vae is not a Hebbian one");
    };
  }

  /** Settings of fine-tuning, with the authors' momentum. */
  FineTuning fineTuning() {
    return new FineTuning(
        hyperparameters.rate(),
        FineTuning.cifar10().momentum(),
        hyperparameters.decay(),
        hyperparameters.dropout(),
        schedule);
  }

  /** What pre-training depends on, for people and for telling runs apart. */
  String pretrainingIdentity(String data) {
    return String.format(
        Locale.ROOT,
        "data=%s rule=%s form=%s zca_epsilon=%s epochs=%d batch=%d seed=%d%s%s",
        data,
        rule,
        naive && rule != Rule.VAE ? "naive" : "fast",
        rule.variant().isWhitened() ? zcaEpsilon : "none",
        pretrainEpochs(),
        batch,
        seed,
        rule == Rule.VAE ? " vae_loss=" + vaeLoss.name().toLowerCase(Locale.ROOT) : "",
        hyperparameters.pretrainingIdentity(rule));
  }

  /** What fine-tuning depends on. */
  public String fineTuningIdentity(String data) {
    return String.format(
        Locale.ROOT,
        "%s labels=%s fine_tune_epochs=%d schedule=%s%s",
        pretrainingIdentity(data),
        labels,
        fineTuneEpochs,
        schedule.name().toLowerCase(Locale.ROOT),
        hyperparameters.fineTuningIdentity());
  }
}
