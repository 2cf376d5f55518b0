package org.fasthebb.models.protocol;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.data.ImageSource;
import org.fasthebb.models.inputs.Examples;
import org.fasthebb.models.inputs.InputSource;
import org.fasthebb.models.inputs.Preprocessing;
import org.fasthebb.models.inputs.Zca;
import org.fasthebb.models.io.AtomicFile;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.Identity;
import org.fasthebb.models.io.Json;
import org.fasthebb.models.io.SafeTensors;
import org.fasthebb.models.learn.Accuracy;
import org.fasthebb.models.learn.BackpropLearner;
import org.fasthebb.models.learn.History;
import org.fasthebb.models.learn.Learner;
import org.fasthebb.models.learn.Progress;
import org.fasthebb.models.learn.SavePace;
import org.fasthebb.models.learn.TrainingLoop;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.readout.FeatureForm;

/**
 * The paper's protocol: pre-train on all training images without labels, learn the labels of the
 * few images that have one, and test.
 *
 * <p>Some of the training images are held out for validation. Each phase writes its model and its
 * {@link History} to the output folder, and is skipped if they are already there; a phase that was
 * killed resumes from its last save. Files of other settings are refused, never overwritten.
 *
 * <pre>{@code
 * Settings settings =
 *     new Settings(
 *         PretrainSettings.of(Method.named("hpca").orElseThrow()),
 *         ReadOutSettings.of(ReadOut.FINE_TUNE, 0.01, Architecture.small()), // 1 % of labels
 *         0); // the seed
 * Experiment experiment =
 *     new Experiment(backend, Cifar10.read(dir), settings, folder, Progress.SILENT);
 * Experiment.Phase pretrained = experiment.pretrain();
 * Experiment.Phase trained = experiment.readOut(pretrained.model());
 * double accuracy = experiment.test(trained.model()).top1();
 * }</pre>
 */
public final class Experiment {
  /** The model after pre-training, in the output folder. */
  public static final String PRETRAINED = "pretrained.safetensors";

  /** The model that has learned the labels, in the output folder. */
  public static final String MODEL = "model.safetensors";

  private static final String PRETRAIN = "pretrain";
  private static final String FINE_TUNE = "finetune";
  private static final String READ_OUT = "read-out";

  private final Backend backend;
  private final DataSet data;
  private final Settings settings;
  private final OutputFolder folder;
  private final Progress progress;
  private final Split split;
  private final ReadOutImages images;
  private final String dataIdentity;
  private SavePace pace = SavePace.USUAL;

  /** The folder for features that other experiments share; null if none does. */
  private OutputFolder shared;

  /**
   * An experiment. It computes nothing until one of its phases is called.
   *
   * @param folder for its files; created if it does not exist
   * @throws IllegalArgumentException if the images do not fit the network
   * @throws DataException if validation leaves no training image, or too few labels are asked for
   * @throws CheckpointException if the folder cannot be written
   */
  public Experiment(
      Backend backend, DataSet data, Settings settings, Path folder, Progress progress)
      throws CheckpointException {
    this.backend = backend;
    this.data = data;
    this.settings = settings;
    this.progress = progress;
    split = settings.split(data.train().size());
    images = new ReadOutImages(data, settings, split);
    ImageSource train = data.train();
    settings
        .pretrain()
        .architecture()
        .check(data.name(), train.height(), train.width(), train.channels());
    dataIdentity = data.name() + "/" + data.fingerprint().substring(0, 16);
    this.folder = OutputFolder.make(folder);
    Architecture architecture = settings.pretrain().architecture();
    if (!Architecture.ALL.contains(architecture)) {
      progress.message(
          ("warning: the network %s is not in Architecture.ALL, so its model files cannot be read"
                  + " again; add it there to keep them.")
              .formatted(architecture.name()));
    }
    if (settings.validation() > 0 && split.validation().length == 0) {
      progress.message(
          ("warning: the part held out for validation, %s of %s training images, is less than one"
                  + " image, so nothing is validated and the last epoch counts.")
              .formatted(settings.validation(), train.size()));
    }
  }

  /** Sets how often phases save their state; call it before them. It changes no result. */
  public void setPace(SavePace often) {
    pace = often;
  }

  /**
   * Keeps the features of a network that stays as it is in a folder, also those of the test images,
   * so that other experiments with the same network need not compute them again. Call it before the
   * phases. It changes no result; {@link #removeFeatures} removes the files in the end.
   */
  public void shareFeatures(Path path) throws CheckpointException {
    shared = OutputFolder.make(path);
  }

  /** Removes shared features, which take gigabytes, if there are any. */
  public static void removeFeatures(Path path) throws CheckpointException {
    FixedReadOut.removeFeatures(path);
  }

  /** The number of training images that have labels in the second phase. */
  public int labelledImages() {
    return split.labelled().length;
  }

  /**
   * Checks that the second phase can run, so that it does not fail after hours of pre-training.
   *
   * @throws DataException if fewer than 2 images have labels, all labels are of one class, or the
   *     read-out takes more memory than there is
   * @throws CheckpointException if the folder has a read-out of other settings, or the disk no room
   *     for the features of a read-out that leaves the network fixed
   */
  public void requireReadOut() throws CheckpointException {
    requireOwnReadOut();
    images.checkLabels(progress);
    ReadOutSettings how = settings.readOut();
    if (how.readOut() != ReadOut.FINE_TUNE && !Files.exists(folder.file(MODEL))) {
      fixed().requireRoom();
    }
    if (how.selfTraining() > 0 && split.validation().length == 0) {
      progress.message(
          "warning: self-training needs validation images to know when to stop, and nothing is held"
              + " out, so there is none.");
    }
  }

  /**
   * Refuses a read-out of other settings in the folder. The message also names the pre-trained
   * model if that has other settings too, so that a user can remove all at once.
   */
  private void requireOwnReadOut() throws CheckpointException {
    Path file = folder.file(MODEL);
    if (!Files.exists(file)) {
      file = folder.state(readOutPhase());
    }
    if (!Files.exists(file)) {
      return;
    }
    List<Path> files = new ArrayList<>(List.of(file));
    Path pretrained = folder.file(PRETRAINED);
    String own = pretrainingIdentity();
    if (Files.exists(pretrained) && !Identity.isSame(own, identity(pretrained, own))) {
      files.addFirst(pretrained);
    }
    String whole = Identity.of(settings.identity(dataIdentity), backend.kernels());
    Identity.requireSame(files, whole, identity(file, whole));
  }

  /** The identity in a file; {@code own} if it is damaged, which is reported when it is needed. */
  private static String identity(Path file, String own) {
    try {
      return SafeTensors.metadata(file).get("identity");
    } catch (CheckpointException e) {
      return own;
    }
  }

  private String pretrainingIdentity() {
    return Identity.of(settings.pretrainingIdentity(dataIdentity), backend.kernels());
  }

  /**
   * A phase's result.
   *
   * @param model with the weights of the best epoch
   * @param history the course of its training
   */
  public record Phase(ModelFile model, History history) {}

  /**
   * Pre-trains without labels, or reads the result of an earlier call.
   *
   * @throws CheckpointException if the output folder has files of other settings, or cannot be
   *     written
   */
  public Phase pretrain() throws CheckpointException {
    String identity = pretrainingIdentity();
    Phase done = finished(PRETRAINED, PRETRAIN, identity);
    if (done != null) {
      return done;
    }
    PretrainSettings how = settings.pretrain();
    Examples training = images.of(split.train());
    if (how.method().inputs() == Method.Inputs.WHITENED) {
      progress.message("whitening: fitted to " + training.size() + " images");
      warnOfWhitening(training);
    }
    Preprocessing inputs = how.method().prepare(backend, training, how.zcaEpsilon(), progress);
    Network network = how.network(backend, data.train().height(), settings.seed());
    how.method().start(network, inputs, training, settings.seed());
    if (!how.method().isPretrained()) {
      ModelFile model = model(network, inputs, Head.NONE, identity, History.none());
      return finish(PRETRAINED, PRETRAIN, model, History.none());
    }
    int readOutClasses = split.validation().length == 0 ? 0 : data.train().classes();
    Pretraining pretraining = Pretraining.of(how, network, readOutClasses, settings.seed());
    TrainingLoop.Plan plan =
        new TrainingLoop.Plan(PRETRAIN, how.epochs(), how.batch(), settings.seed());
    TrainingLoop loop = loop(pretraining.learner(), inputs, training, plan, identity);
    History history = loop.run();
    Head head = new Head(pretraining.head(), FeatureForm.PLAIN);
    ModelFile model = model(network, inputs, head, identity, history);
    return finish(PRETRAINED, PRETRAIN, model, history);
  }

  /** Warns if there are fewer images (or tiles of them) than values that whitening mixes. */
  private void warnOfWhitening(Examples training) {
    int rows = Math.ceilDiv(training.set().height(), Zca.FILTER);
    long tiles = (long) training.size() * rows * rows;
    int values = Zca.FILTER * Zca.FILTER * training.set().channels();
    if (tiles < values) {
      progress.message(
          ("warning: whitening needs to know how the %s values of an image vary together, and %s"
                  + " images are too few for that, so other images are whitened wrongly; use more"
                  + " images, or a rule that does not whiten, such as hpca.")
              .formatted(values, training.size()));
    }
  }

  /**
   * Learns the labels of the labelled images, as the settings say, or reads the result of an
   * earlier call.
   *
   * @param pretrained on any data: the classes that the model learns are those of this experiment
   * @throws CheckpointException if the output folder has files of other settings, or cannot be
   *     written
   */
  public Phase readOut(ModelFile pretrained) throws CheckpointException {
    int side = pretrained.network().side();
    if (side != data.train().height()) {
      throw new CheckpointException(
          "the model sees images of %s pixels a side, but those of %s have %s; resize them"
              .formatted(side, data.name(), data.train().height()));
    }
    String from = Identity.FROM + pretrained.identity();
    String identity = Identity.of(settings.identity(dataIdentity), backend.kernels()) + from;
    Phase done = finished(MODEL, readOutPhase(), identity);
    if (done != null) {
      fixed().removeOwnFeatures(); // a kill may have come right before
      return done;
    }
    if (settings.readOut().readOut() == ReadOut.FINE_TUNE) {
      return fineTune(pretrained, identity);
    }
    return readOutFixed(pretrained, identity);
  }

  /** The name of the phase that learns the labels. */
  private String readOutPhase() {
    return settings.readOut().readOut() == ReadOut.FINE_TUNE ? FINE_TUNE : READ_OUT;
  }

  private TrainingLoop.Plan readOutPlan() {
    ReadOutSettings how = settings.readOut();
    return new TrainingLoop.Plan(readOutPhase(), how.epochs(), how.batch(), settings.seed());
  }

  private Phase fineTune(ModelFile pretrained, String identity) throws CheckpointException {
    Network network = pretrained.network();
    BackpropLearner learner =
        new BackpropLearner(
            network,
            data.train().classes(),
            settings.readOut().fineTuning(),
            settings.pretrain().method().isFrozen(),
            settings.seed());
    Examples labelled = images.of(split.labelled());
    TrainingLoop loop = loop(learner, pretrained.inputs(), labelled, readOutPlan(), identity);
    History history = loop.run();
    Head head = new Head(learner.classifier().tensors(), FeatureForm.PLAIN);
    ModelFile model = model(network, pretrained.inputs(), head, identity, history);
    return finish(MODEL, FINE_TUNE, model, history);
  }

  private Phase readOutFixed(ModelFile pretrained, String identity) throws CheckpointException {
    FixedReadOut fixed = fixed();
    Learned learned =
        fixed.learn(
            pretrained,
            (learner, features, labelled) ->
                loop(learner, features, labelled, readOutPlan(), identity).run());
    Head head = new Head(learned.head(), settings.readOut().form());
    ModelFile model =
        model(pretrained.network(), pretrained.inputs(), head, identity, learned.history());
    Phase phase = finish(MODEL, READ_OUT, model, learned.history());
    fixed.removeOwnFeatures();
    return phase;
  }

  private FixedReadOut fixed() {
    OutputFolder where = shared == null ? folder : shared;
    return new FixedReadOut(
        backend, settings, images, dataIdentity, where, shared != null, progress);
  }

  /**
   * The accuracy of a model on the test images.
   *
   * @throws CheckpointException if the model has other classes than the data
   */
  public Accuracy test(ModelFile model) throws CheckpointException {
    return test(model, _ -> {});
  }

  /**
   * The accuracy of a model on the test images.
   *
   * @param seen receives the scores (b, classes) of the test images, in their order
   * @throws CheckpointException if the model has other classes than the data
   */
  public Accuracy test(ModelFile model, Consumer<float[]> seen) throws CheckpointException {
    model.requireClasses(data);
    return settings.readOut().readOut() == ReadOut.FINE_TUNE
        ? model.accuracy(Examples.all(data.test()), seen)
        : fixed().test(model, seen);
  }

  private TrainingLoop loop(
      Learner learner,
      InputSource inputs,
      Examples training,
      TrainingLoop.Plan plan,
      String identity) {
    return new TrainingLoop(
        learner,
        inputs,
        training,
        new Examples(data.train(), split.validation()),
        plan,
        folder.state(plan.phase()),
        identity,
        pace,
        progress);
  }

  private ModelFile model(
      Network network, Preprocessing inputs, Head head, String identity, History history) {
    Map<String, String> provenance = new LinkedHashMap<>();
    provenance.put("identity", identity);
    provenance.put("seed", Long.toString(settings.seed()));
    provenance.put("data", dataIdentity);
    provenance.put("version", Version.VERSION);
    provenance.put("best_epoch", Integer.toString(history.bestEpoch()));
    if (history.accuracy() != null) {
      provenance.put("validation_accuracy", Double.toString(history.accuracy()));
    } else if (!history.validationLosses().isEmpty()) {
      double loss = history.validationLosses().get(history.bestEpoch() - 1);
      provenance.put("validation_loss", Double.toString(loss));
    }
    List<String> classes = data.train().classNames();
    return new ModelFile(network, inputs, classes, settings.pretrain(), provenance, head);
  }

  private Phase finished(String name, String phase, String identity) throws CheckpointException {
    Path file = folder.file(name);
    if (!Files.exists(file)) {
      return null;
    }
    Path history = folder.history(name);
    String both = "remove it and " + history + ", and run again: this phase then starts anew";
    ModelFile model = ModelFile.read(backend, file, both);
    Identity.requireSame(file, identity, model.identity());
    progress.message("found " + file + ", so " + phase + " is done already");
    progress.saved();
    AtomicFile.remove(
        folder.state(phase)); // left by a run that was killed before it could remove it
    String copy = "put a copy of it back, or remove " + file + " too and run again to train anew";
    return new Phase(model, Json.read(history, History.class, copy));
  }

  /** Writes the history before the model, because a model file marks the phase as complete. */
  private Phase finish(String name, String phase, ModelFile model, History history)
      throws CheckpointException {
    Json.write(folder.history(name), history);
    model.write(folder.file(name));
    progress.saved();
    AtomicFile.remove(folder.state(phase));
    return new Phase(model, history);
  }
}
