package org.fasthebb.tools.option;

import java.util.ArrayList;
import java.util.List;
import org.fasthebb.models.learn.FineTuning;
import org.fasthebb.models.learn.Schedule;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.protocol.Method;
import org.fasthebb.models.protocol.ReadOut;
import org.fasthebb.models.protocol.ReadOutSettings;
import org.fasthebb.models.readout.FeatureForm;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.console.ToolCommand;
import picocli.CommandLine.Option;

/** Options of learning the labels. */
public final class ReadOutOptions {
  @Option(
      names = "--labels",
      paramLabel = "PERCENT",
      defaultValue = Defaults.LABELS,
      description =
          "Percent of the training images, without those held out for validation, that have labels:"
              + " 1%% and 1 both mean one in a hundred. A warning names classes that end up with"
              + " none. Default: ${DEFAULT-VALUE}.")
  private Percent labels;

  @Option(
      names = "--read-out",
      paramLabel = "KIND",
      converter = ReadOutConverter.class,
      description =
          "What learns the labels: finetune (the whole network and a classifier, by backprop) or,"
              + " on features of a network that stays as it is, linear (a classifier trained for"
              + " epochs), ridge (ridge regression, best for few labels), centroids (the nearest"
              + " mean of a class) or knn (nearest neighbours). Default: linear for softhebb,"
              + " finetune for all others; fasthebb run --data folder with fewer than 50 labels a"
              + " class, and no option that says how to learn: ridge, after softhebb.")
  private ReadOut readOut;

  @Option(
      names = {"--fine-tune-epochs", "--read-out-epochs"},
      paramLabel = "N",
      description =
          "Epochs of learning the labels by finetune or linear. Default: 20 for finetune, 50 for"
              + " linear.")
  private Integer epochs;

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      defaultValue = "code",
      description =
          "How the learning rate of finetune falls from the tenth epoch on: code halves it every"
              + " epoch, as the authors' code does; paper every second epoch. Default:"
              + " ${DEFAULT-VALUE}.")
  private Schedule schedule;

  @Option(
      names = "--rate",
      paramLabel = "RATE",
      description = "Learning rate of finetune in its first ten epochs. Default: 0.001.")
  private float rate = FineTuning.cifar10().rate();

  @Option(
      names = "--decay",
      paramLabel = "L2",
      description =
          "Weight decay of finetune, at least 0. Default: 0.05, the authors' for CIFAR-10; 0.001 in"
              + " the network imagenet.")
  private Float decay;

  @Option(
      names = "--dropout",
      paramLabel = "P",
      description =
          "Dropout of finetune in front of the classifier, from 0 to below 1. Default: 0.5.")
  private float dropout = FineTuning.cifar10().dropout();

  @Option(
      names = "--raw-features",
      description =
          "On a fixed network: take features as they are, as SoftHebb's authors do (for centroids"
              + " and knn still divided by their length). By default each"
              + " is normalised to mean 0 and variance 1 over training images; for ridge, centroids"
              + " and knn after a square root, and before features of an image are divided by their"
              + " length.")
  private boolean rawFeatures;

  @Option(
      names = "--mirror",
      negatable = true,
      description =
          "On a fixed network: use the mean features of an image and its mirror image, in training"
              + " and in the test. Computing features then takes twice as long. Default: yes for"
              + " ridge, centroids and knn, no for linear.")
  private Boolean mirror;

  @Option(
      names = "--join-layers",
      description =
          "On a fixed network: join the features of the maps of all its blocks, not only of the"
              + " last one.")
  private boolean joinLayers;

  @Option(
      names = "--pool",
      paramLabel = "N",
      description =
          "On a fixed network: average maps to NxN means; 0 leaves them as they are, and so does an"
              + " N that is their size or more. Default: 2 for ridge, centroids and knn, 0 for"
              + " linear.")
  private Integer pool;

  @Option(
      names = "--power",
      paramLabel = "P",
      description =
          "On a fixed network: power that features are raised to, from 0.01 to 10; signs stay."
              + " Default: 0.5 for ridge, centroids and knn, 1 for linear.")
  private Float power;

  @Option(
      names = "--whiten-features",
      paramLabel = "EPSILON",
      defaultValue = "0",
      description =
          "On a fixed network: make features uncorrelated after they were normalised, by (A +"
              + " EPSILON I)^-1/2 for their covariances A over the training images that normalise"
              + " them, of which there should be more than features. EPSILON is from 0.0001 to"
              + " 1000000; with 10 directions of little variance stay small, with 0.1 most become"
              + " equal. 0 is for none. Default: ${DEFAULT-VALUE}.")
  private float whitening;

  @Option(
      names = "--self-training",
      paramLabel = "ROUNDS",
      description =
          "With --read-out ridge: the most rounds of learning again from the surest guesses for"
              + " images without label. They end when the validation images do not gain. Default:"
              + " ${DEFAULT-VALUE}.")
  private int selfTraining;

  @Option(
      names = "--unlabelled",
      paramLabel = "N",
      description =
          "For ridge, centroids and knn: how many training images, with or without label, features"
              + " are normalised by, and self-training may guess. Default: ${DEFAULT-VALUE}.")
  private int unlabelled = ReadOutSettings.UNLABELLED;

  private ReadOutOptions() {}

  /** Refuses values that are out of range or do not fit each other. */
  public void check(ToolCommand command, Method method) {
    command.require(labels.percent() > 0, "--labels is 0%; it must be over 0%");
    Parameter.FINE_TUNE_EPOCHS.check(command, epochs);
    Parameter.RATE.check(command, rate);
    Parameter.DECAY.check(command, decay);
    Parameter.DROPOUT.check(command, dropout);
    Parameter.SELF_TRAINING.check(command, selfTraining);
    Parameter.UNLABELLED.check(command, unlabelled);
    Parameter.POOL.check(command, pool);
    Parameter.POWER.check(command, power);
    Parameter.WHITEN_FEATURES.check(command, whitening);
    command.require(
        !rawFeatures || whitening == 0,
        "--whiten-features needs normalised features; leave out --raw-features");
    Parameter.warnOfUnused(command, false, method, readOut(method));
    if (unlabelled == 0 && selfTraining > 0 && readOut(method) == ReadOut.RIDGE) {
      command.warn("--self-training has no effect with --unlabelled 0: no image is left to guess");
    }
  }

  /** Takes another read-out than the default, as if it had been given. */
  public void use(ReadOut other) {
    readOut = other;
  }

  /** The share of the training images that have labels. */
  public Percent labels() {
    return labels;
  }

  private ReadOut readOut(Method method) {
    return readOut == null ? method.readOut() : readOut;
  }

  private float decay(Architecture network) {
    return decay == null ? network.decay() : decay;
  }

  private int epochs(Method method) {
    ReadOut kind = readOut(method);
    return epochs == null || kind.isClosedForm() ? kind.epochs() : epochs;
  }

  /**
   * The settings that these options describe.
   *
   * @param method of pre-training
   * @param network that was pre-trained
   * @param batch images per step; null for the default
   */
  public ReadOutSettings settings(Method method, Architecture network, Integer batch) {
    ReadOutSettings usual = ReadOutSettings.of(readOut(method), labels.fraction(), network);
    return new ReadOutSettings(
        readOut(method),
        labels.fraction(),
        epochs(method),
        batch == null ? usual.batch() : batch,
        schedule,
        rate,
        decay(network),
        dropout,
        form(method),
        unlabelled,
        readOut(method) == ReadOut.RIDGE ? selfTraining : 0);
  }

  /** Whether products of features are taken as cosines, so that each must have length 1. */
  private boolean comparesByCosine(Method method) {
    return readOut(method) == ReadOut.CENTROIDS || readOut(method) == ReadOut.KNN;
  }

  private FeatureForm form(Method method) {
    FeatureForm usual = rawFeatures ? FeatureForm.PLAIN : readOut(method).form();
    return new FeatureForm(
        joinLayers,
        mirror == null ? readOut(method).form().mirrored() : mirror,
        pool == null ? readOut(method).form().pooled() : pool,
        power == null ? usual.power() : power,
        usual.normalised(),
        usual.normalised() ? whitening : 0,
        usual.unitLength() || comparesByCosine(method));
  }

  /**
   * These options as words of a command line.
   *
   * @param method of pre-training that they were given with
   * @param network that was pre-trained
   * @param other method of the command line, which is to read out in the same way
   */
  public List<String> words(Method method, Architecture network, Method other) {
    List<String> words = new ArrayList<>(List.of("--labels", labels.toString()));
    if (readOut != null || readOut(method) != other.readOut()) {
      words.addAll(List.of("--read-out", readOut(method).toString()));
    }
    if (!readOut(method).isClosedForm()) {
      boolean tuned = readOut(method) == ReadOut.FINE_TUNE;
      words.add(tuned ? "--fine-tune-epochs" : "--read-out-epochs");
      words.add(Integer.toString(epochs(method)));
    }
    if (readOut(method) != ReadOut.FINE_TUNE) {
      addForm(words, method);
      return words;
    }
    words.addAll(List.of("--schedule", Text.name(schedule)));
    FineTuning authors = FineTuning.cifar10();
    Defaults.addUnlessUsual(words, "--rate", rate, authors.rate());
    Defaults.addUnlessUsual(words, "--decay", decay(network), network.decay());
    Defaults.addUnlessUsual(words, "--dropout", dropout, authors.dropout());
    return words;
  }

  /** Adds the options that decide on the features of a fixed network. */
  private void addForm(List<String> words, Method method) {
    FeatureForm usual = readOut(method).form();
    FeatureForm form = form(method);
    if (rawFeatures) {
      words.add("--raw-features");
    }
    if (joinLayers) {
      words.add("--join-layers");
    }
    if (form.mirrored() != usual.mirrored()) {
      words.add(form.mirrored() ? "--mirror" : "--no-mirror");
    }
    Defaults.addUnlessUsual(words, "--pool", form.pooled(), usual.pooled());
    float power = rawFeatures ? FeatureForm.PLAIN.power() : usual.power();
    Defaults.addUnlessUsual(words, "--power", form.power(), power);
    Defaults.addUnlessUsual(words, "--whiten-features", form.whitened(), 0f);
    if (readOut(method).isClosedForm()) {
      Defaults.addUnlessUsual(words, "--unlabelled", unlabelled, ReadOutSettings.UNLABELLED);
    }
    if (readOut(method) == ReadOut.RIDGE) {
      Defaults.addUnlessUsual(words, "--self-training", selfTraining, 0);
    }
  }

  /** Reads what learns the labels. */
  static final class ReadOutConverter extends Choice<ReadOut> {
    private ReadOutConverter() {
      super(List.of(ReadOut.values()), ReadOut::toString);
    }
  }
}
