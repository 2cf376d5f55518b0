package org.fasthebb.models.protocol;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.inputs.Examples;
import org.fasthebb.models.inputs.Preprocessing;
import org.fasthebb.models.io.AtomicFile;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.Json;
import org.fasthebb.models.learn.BackpropLearner;
import org.fasthebb.models.learn.History;
import org.fasthebb.models.learn.Learner;
import org.fasthebb.models.learn.Progress;
import org.fasthebb.models.learn.TrainingLoop;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.network.Network;

/**
 * The paper's protocol: pre-train on all images without labels, fine-tune on the few that are
 * labelled, test.
 *
 * <p>A fifth of the training images is for validation. Each phase leaves its model and its {@link
 * History} in the output folder, and is skipped when they are already there; a phase that was
 * killed goes on from its last save. Files of other settings are refused, never overwritten.
 */
public final class Experiment {
  /** The model after pre-training, in the output folder. */
  public static final String PRETRAINED = "pretrained.safetensors";

  /** The model after fine-tuning, in the output folder. */
  public static final String MODEL = "model.safetensors";

  private static final String PRETRAIN = "pretrain";
  private static final String FINE_TUNE = "finetune";
  private static final double VALIDATION = 0.2;

  private final Backend backend;
  private final DataSet data;
  private final Settings settings;
  private final OutputFolder folder;
  private final Progress progress;
  private final Split split;
  private final String dataIdentity;

  /**
   * An experiment, not yet run.
   *
   * @param folder for its files; made if it is not there
   */
  public Experiment(
      Backend backend, DataSet data, Settings settings, Path folder, Progress progress)
      throws CheckpointException {
    this.backend = backend;
    this.data = data;
    this.settings = settings;
    this.progress = progress;
    int size = data.train().size();
    split = Split.of(size, (int) (VALIDATION * size), settings.labels(), settings.seed());
    checkSide();
    dataIdentity = data.name() + "/" + data.fingerprint().substring(0, 16);
    this.folder = OutputFolder.make(folder);
  }

  private void checkSide() {
    Architecture small = Architecture.small();
    if (data.train().height() != small.side()
        || data.train().width() != small.side()
        || data.train().channels() != small.channels()) {
      throw new IllegalArgumentException(
          "the small network wants 32x32 colour images, but "
              + data.name()
              + " has "
              + data.train().height()
              + "x"
              + data.train().width()
              + "x"
              + data.train().channels());
    }
  }

  /** How many images have labels in fine-tuning. */
  public int labelledImages() {
    return split.labelled().length;
  }

  /**
   * A phase's result.
   *
   * @param model with the weights of the best epoch
   * @param outcome how it came about
   */
  public record Phase(ModelFile model, History outcome) {}

  /** Pre-trains without labels, or reads what an earlier call left. */
  public Phase pretrain() throws CheckpointException {
    String identity = settings.pretrainingIdentity(dataIdentity);
    Phase done = finished(PRETRAINED, PRETRAIN, identity);
    if (done != null) {
      return done;
    }
    Examples training = new Examples(data.train(), split.train());
    Settings.Rule rule = settings.rule();
    Preprocessing inputs;
    if (rule.variant().isWhitened()) {
      progress.message("whitening: eigenvectors of " + training.size() + " images");
      inputs = Preprocessing.fitWhitened(backend, training, settings.zcaEpsilon(), progress);
    } else {
      inputs = Preprocessing.fit(backend, training);
    }
    Network network = new Network(backend, Architecture.small(), rule.variant(), settings.seed());
    Pretraining how = Pretraining.of(settings, network, data.train().classes());
    TrainingLoop.Plan plan =
        new TrainingLoop.Plan(
            PRETRAIN, settings.pretrainEpochs(), settings.batch(), settings.seed());
    TrainingLoop loop = loop(how.trainee(), inputs, training, plan, identity);
    History outcome = loop.run();
    ModelFile model = model(network, inputs, how.head(), identity, outcome);
    return finish(PRETRAINED, PRETRAIN, model, outcome);
  }

  /**
   * Fine-tunes a pre-trained network on the labelled images, or reads what an earlier call left.
   */
  public Phase fineTune(ModelFile pretrained) throws CheckpointException {
    pretrained.requireClasses(data);
    String identity =
        settings.fineTuningIdentity(dataIdentity)
            + " from: "
            + pretrained.provenance().get("identity");
    Phase done = finished(MODEL, FINE_TUNE, identity);
    if (done != null) {
      return done;
    }
    Network network = pretrained.network();
    BackpropLearner trainee =
        new BackpropLearner(
            network,
            data.train().classes(),
            settings.fineTuning(),
            settings.rule() == Settings.Rule.FROZEN,
            settings.seed());
    TrainingLoop.Plan plan =
        new TrainingLoop.Plan(
            FINE_TUNE, settings.fineTuneEpochs(), settings.batch(), settings.seed());
    Examples labelled = new Examples(data.train(), split.labelled());
    TrainingLoop loop = loop(trainee, pretrained.inputs(), labelled, plan, identity);
    History outcome = loop.run();
    Map<String, Tensor> head = new LinkedHashMap<>();
    head.put("fc.weight", trainee.model().get("fc.weight"));
    head.put("fc.bias", trainee.model().get("fc.bias"));
    ModelFile model = model(network, pretrained.inputs(), head, identity, outcome);
    return finish(MODEL, FINE_TUNE, model, outcome);
  }

  /** Accuracy of a model on the test images, 0 to 1. */
  public double test(ModelFile model) throws CheckpointException {
    return test(model, 1);
  }

  /** Share of the test images whose class is among the {@code top} highest scores, 0 to 1. */
  public double test(ModelFile model, int top) throws CheckpointException {
    model.requireClasses(data);
    return model.accuracy(Examples.all(data.test()), top);
  }

  private TrainingLoop loop(
      Learner trainee,
      Preprocessing inputs,
      Examples training,
      TrainingLoop.Plan plan,
      String identity) {
    return new TrainingLoop(
        trainee,
        inputs,
        training,
        new Examples(data.train(), split.validation()),
        plan,
        folder.state(plan.phase()),
        identity,
        progress);
  }

  private ModelFile model(
      Network network,
      Preprocessing inputs,
      Map<String, Tensor> head,
      String identity,
      History outcome) {
    Map<String, String> provenance = new LinkedHashMap<>();
    provenance.put("identity", identity);
    provenance.put("rule", settings.rule().toString());
    provenance.put("seed", Long.toString(settings.seed()));
    provenance.put("data", dataIdentity);
    provenance.put("version", Version.VERSION);
    provenance.put("best_epoch", Integer.toString(outcome.bestEpoch()));
    if (outcome.accuracy() != null) {
      provenance.put("validation_accuracy", Double.toString(outcome.accuracy()));
    } else if (outcome.bestEpoch() > 0) {
      double loss = outcome.validationLosses().get(outcome.bestEpoch() - 1);
      provenance.put("validation_loss", Double.toString(loss));
    }
    List<String> classes = data.train().classNames();
    return new ModelFile(network, inputs, classes, provenance, head);
  }

  private Phase finished(String name, String phase, String identity) throws CheckpointException {
    Path file = folder.file(name);
    if (!Files.exists(file)) {
      return null;
    }
    ModelFile model = ModelFile.read(backend, file);
    CheckpointException.requireSame(file, identity, model.provenance().get("identity"));
    progress.message("found " + file);
    AtomicFile.remove(folder.state(phase)); // of a run that was killed before it could do so itself
    return new Phase(model, Json.read(folder.outcome(name), History.class));
  }

  /** The outcome first: a model file means that the phase is complete. */
  private Phase finish(String name, String phase, ModelFile model, History outcome)
      throws CheckpointException {
    Json.write(folder.outcome(name), outcome);
    model.write(folder.file(name));
    AtomicFile.remove(folder.state(phase));
    return new Phase(model, outcome);
  }
}
