package org.fasthebb.models.protocol;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.data.ImageSource;
import org.fasthebb.models.inputs.ChannelStats;
import org.fasthebb.models.inputs.DataLoader;
import org.fasthebb.models.inputs.Examples;
import org.fasthebb.models.inputs.FeatureFile;
import org.fasthebb.models.inputs.InputSource;
import org.fasthebb.models.inputs.Preprocessing;
import org.fasthebb.models.io.AtomicFile;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.Json;
import org.fasthebb.models.io.SafeTensors;
import org.fasthebb.models.io.SafeTensorsWriter;
import org.fasthebb.models.learn.Accuracy;
import org.fasthebb.models.learn.History;
import org.fasthebb.models.learn.Learner;
import org.fasthebb.models.learn.Progress;
import org.fasthebb.models.learn.ReadOutLearner;
import org.fasthebb.models.learn.SoftHebbLearner;
import org.fasthebb.models.learn.TrainingLoop;
import org.fasthebb.models.network.SoftHebbNetwork;

/**
 * SoftHebb's protocol, as its authors' demonstration has it: all blocks learn without labels from
 * all training images, then a linear read-out learns the labels, then the last epoch is tested. No
 * image is held out, and nothing is chosen by the test images. Unlike theirs, features may be
 * normalised for the read-out, and be means over an image and its mirror image.
 *
 * <p>Each phase leaves its tensors and its {@link History} in the output folder, and is skipped
 * when they are already there; a phase that was killed goes on from its last save. Files of other
 * settings are refused, never overwritten.
 */
public final class SoftHebbExperiment {
  /** The network after the unsupervised stage, in the output folder. */
  public static final String UNSUPERVISED = "unsupervised.safetensors";

  /** The network and its read-out, in the output folder. */
  public static final String MODEL = "model.safetensors";

  /** Features of the training images, in the output folder while the read-out learns. */
  private static final String FEATURES = "features.part";

  private static final String LEARNING = "unsupervised";
  private static final String READING_OUT = "read-out";

  /** Images per step of the unsupervised stage. */
  private static final int UNSUPERVISED_BATCH = 10;

  /** Images per step of the read-out. */
  private static final int READ_OUT_BATCH = 64;

  /**
   * All that determines the experiment besides the data.
   *
   * @param blocks of the network
   * @param epochs of the unsupervised stage
   * @param readOutEpochs of the read-out
   * @param normalized whether features are brought to mean 0 and variance 1 for the read-out; the
   *     authors take them as they are
   * @param mirrored whether features are {@link SoftHebbNetwork#symmetricFeatures}; the authors'
   *     are of the image alone
   * @param seed of everything random
   */
  public record Settings(
      List<SoftHebbNetwork.Block> blocks,
      int epochs,
      int readOutEpochs,
      boolean normalized,
      boolean mirrored,
      long seed) {
    /** Checks the ranges. */
    public Settings {
      if (epochs < 0 || readOutEpochs < 1) {
        throw new IllegalArgumentException(
            "epochs cannot be below 0, nor those of the read-out below 1, but are "
                + epochs
                + " and "
                + readOutEpochs);
      }
    }
  }

  private final DataSet data;
  private final Settings settings;
  private final OutputFolder folder;
  private final Progress progress;
  private final Preprocessing inputs;
  private final SoftHebbNetwork network;
  private final ReadOutLearner readOut;
  private final String identity;
  private double featureSeconds;

  /**
   * An experiment, not yet run.
   *
   * @param folder for its files; made if it is not there
   */
  public SoftHebbExperiment(
      Backend backend, DataSet data, Settings settings, Path folder, Progress progress)
      throws CheckpointException {
    this.data = data;
    this.settings = settings;
    this.progress = progress;
    ImageSource train = data.train();
    if (train.height() != train.width()) {
      throw new IllegalArgumentException(
          "SoftHebb's network wants square images, but %s has %dx%d"
              .formatted(data.name(), train.height(), train.width()));
    }
    int c = train.channels();
    double[] ones = new double[c];
    Arrays.fill(ones, 1);
    inputs =
        new Preprocessing(
            backend, new ChannelStats(new double[c], ones), null); // pixels from 0 to 1
    network = new SoftHebbNetwork(backend, train.height(), c, settings.blocks(), settings.seed());
    readOut =
        new ReadOutLearner(
            backend,
            network.features(),
            train.classes(),
            settings.readOutEpochs(),
            settings.normalized(),
            settings.seed());
    identity =
        "data=%s/%s blocks=%s epochs=%d seed=%d"
            .formatted(
                data.name(),
                data.fingerprint().substring(0, 16),
                settings.blocks(),
                settings.epochs(),
                settings.seed());
    this.folder = OutputFolder.make(folder);
    checkRoom();
  }

  /** Refuses a disk that is too small for the features before learning rather than after. */
  private void checkRoom() throws CheckpointException {
    if (Files.exists(folder.file(MODEL))) {
      return;
    }
    long needed = FeatureFile.bytes(data.train().size(), network.features());
    Path features = folder.file(FEATURES);
    long room;
    try {
      room = Files.getFileStore(folder.path()).getUsableSpace();
      room += Files.exists(features) ? Files.size(features) : 0;
    } catch (IOException e) {
      throw new CheckpointException("cannot look into " + folder.path() + ": " + e.getMessage(), e);
    }
    if (needed > room) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "features of the training images take %.1f MB, but %s has %.1f MB free; choose"
                  + " another --out",
              needed / 1e6,
              folder.path(),
              room / 1e6));
    }
  }

  /** The unsupervised stage, or what an earlier call left of it. */
  public History learn() throws CheckpointException {
    Map<String, Tensor> tensors = network.tensors();
    History done = finished(UNSUPERVISED, identity, tensors);
    if (done != null) {
      AtomicFile.remove(folder.state(LEARNING)); // a kill may have come right before
      return done;
    }
    TrainingLoop.Plan plan =
        new TrainingLoop.Plan(LEARNING, settings.epochs(), UNSUPERVISED_BATCH, settings.seed());
    TrainingLoop loop = loop(new SoftHebbLearner(network), inputs, plan, identity);
    History outcome = loop.run();
    finish(UNSUPERVISED, identity, tensors, outcome);
    AtomicFile.remove(folder.state(LEARNING));
    return outcome;
  }

  /** What is read out (b, F) of images. */
  private Tensor features(Tensor images) {
    return settings.mirrored() ? network.symmetricFeatures(images) : network.features(images);
  }

  /** The supervised read-out of what was learned, or what an earlier call left of it. */
  public History readOut() throws CheckpointException {
    String read = identity + (settings.mirrored() ? " mirrored" : "");
    String whole =
        read
            + " read_out_epochs="
            + settings.readOutEpochs()
            + (settings.normalized() ? " normalized" : "");
    Map<String, Tensor> tensors = new LinkedHashMap<>(network.tensors());
    tensors.putAll(readOut.model());
    Path file = folder.file(FEATURES);
    History done = finished(MODEL, whole, tensors);
    if (done != null) {
      AtomicFile.remove(folder.state(READING_OUT));
      AtomicFile.remove(file);
      return done;
    }
    TrainingLoop loop;
    History outcome;
    try (FeatureFile features = new FeatureFile(inputs, network.features(), file, read)) {
      long start = System.nanoTime();
      if (features.complete(data.train(), this::features, progress) > 0) {
        featureSeconds = (System.nanoTime() - start) * 1e-9;
      }
      if (settings.normalized()) {
        readOut.normalizeBy(DataLoader.once(features, Examples.all(data.train())));
      }
      TrainingLoop.Plan plan =
          new TrainingLoop.Plan(
              READING_OUT, settings.readOutEpochs(), READ_OUT_BATCH, settings.seed());
      loop = loop(readOut, features, plan, whole);
      outcome = loop.run();
    }
    finish(MODEL, whole, tensors, outcome);
    AtomicFile.remove(folder.state(READING_OUT));
    AtomicFile.remove(file);
    return outcome;
  }

  /** Seconds that features of the training images took in {@link #readOut}; 0 if none did. */
  public double featureSeconds() {
    return featureSeconds;
  }

  /** Accuracy on the test images, 0 to 1. */
  public double test() {
    ImageSource test = data.test();
    DataLoader images = DataLoader.once(inputs, Examples.all(test));
    int[] done = {0};
    return Accuracy.of(
        images,
        x -> {
          done[0] += x.size(0);
          Tensor scores = readOut.scores(features(x));
          progress.step("test", 1, 1, done[0], test.size());
          return scores;
        },
        1);
  }

  private TrainingLoop loop(
      Learner trainee, InputSource source, TrainingLoop.Plan plan, String runIdentity) {
    return new TrainingLoop(
        trainee,
        source,
        Examples.all(data.train()),
        new Examples(data.train(), new int[0]),
        plan,
        folder.state(plan.phase()),
        runIdentity,
        progress);
  }

  private History finished(String name, String runIdentity, Map<String, Tensor> tensors)
      throws CheckpointException {
    Path file = folder.file(name);
    if (!Files.exists(file)) {
      return null;
    }
    try (SafeTensors saved = SafeTensors.read(file)) {
      CheckpointException.requireSame(file, runIdentity, saved.metadata().get("identity"));
      saved.verifyChecksum();
      for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
        ModelFile.load(saved, file, entry.getKey(), entry.getValue());
      }
    }
    progress.message("found " + file);
    return Json.read(folder.outcome(name), History.class);
  }

  /** The outcome first: a file of tensors means that the phase is complete. */
  private void finish(String name, String runIdentity, Map<String, Tensor> tensors, History outcome)
      throws CheckpointException {
    Json.write(folder.outcome(name), outcome);
    SafeTensorsWriter writer =
        SafeTensors.writer()
            .metadata("format", ModelFile.FORMAT)
            .metadata("architecture", "softhebb")
            .metadata("classes", String.join("\n", data.train().classNames()))
            .metadata("identity", runIdentity)
            .metadata("version", Version.VERSION);
    tensors.forEach((key, tensor) -> writer.floats(key, tensor.shape(), tensor.toArray()));
    writer.write(folder.file(name));
  }
}
