package org.fasthebb.models.protocol;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tape;
import org.fasthebb.models.inputs.DataLoader;
import org.fasthebb.models.inputs.Examples;
import org.fasthebb.models.inputs.FeatureFile;
import org.fasthebb.models.inputs.InputSource;
import org.fasthebb.models.inputs.Preprocessing;
import org.fasthebb.models.io.AtomicFile;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.Identity;
import org.fasthebb.models.learn.Accuracy;
import org.fasthebb.models.learn.History;
import org.fasthebb.models.learn.LinearLearner;
import org.fasthebb.models.learn.Normalisation;
import org.fasthebb.models.learn.Progress;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.network.Trace;
import org.fasthebb.models.readout.FeatureForm;
import org.fasthebb.models.readout.ReadOutData;

/**
 * Learns labels from features of a network that stays as it is. The features lie in a folder
 * meanwhile, which other experiments with the same network may share.
 */
final class FixedReadOut {
  /** Features of training images. */
  private static final String FEATURES = "features.part";

  /** Those of the test images, if other experiments share them. */
  private static final String TEST_FEATURES = "test-features.part";

  /** Images that give batch norms their statistics, where nothing else does. */
  private static final int CALIBRATION = 6_400;

  private final Backend backend;
  private final Settings settings;
  private final ReadOutImages images;
  private final String dataIdentity;
  private final OutputFolder folder;
  private final boolean isShared;
  private final Progress progress;

  /**
   * A read-out.
   *
   * @param folder for the features
   * @param isShared whether other experiments use them too
   */
  FixedReadOut(
      Backend backend,
      Settings settings,
      ReadOutImages images,
      String dataIdentity,
      OutputFolder folder,
      boolean isShared,
      Progress progress) {
    this.backend = backend;
    this.settings = settings;
    this.images = images;
    this.dataIdentity = dataIdentity;
    this.folder = folder;
    this.isShared = isShared;
    this.progress = progress;
  }

  /** Removes the features in a folder, which take gigabytes, if there are any. */
  static void removeFeatures(Path path) throws CheckpointException {
    AtomicFile.remove(path.resolve(FEATURES));
    AtomicFile.remove(path.resolve(TEST_FEATURES));
  }

  /** Removes the features unless others use them too. */
  void removeOwnFeatures() throws CheckpointException {
    if (!isShared) {
      AtomicFile.remove(folder.file(FEATURES));
    }
  }

  /** Refuses features for which memory or disk have no room. */
  void requireRoom() throws CheckpointException {
    Network blank = settings.pretrain().blankNetwork(backend, images.data().train().height());
    int features = settings.readOut().form().width(blank);
    warnOfPooling(blank, features);
    warnOfWhitening(features);
    int seen = images.training().length;
    int labelled = images.split().labelled().length;
    boolean isValidated = images.split().validation().length > 0;
    int classes = images.data().train().classes();
    Learned.requireMemory(settings.readOut(), labelled, seen, features, classes, isValidated);
    if (!isShared) {
      folder.requireRoom(FEATURES, FeatureFile.bytes(images.read().length, features));
      return;
    }
    int rows = settings.labelSet() == 0 ? images.read().length : images.rows(true).size();
    boolean tested = Files.exists(folder.file(TEST_FEATURES));
    folder.requireRoom(
        FEATURES,
        FeatureFile.bytes(rows, features)
            + (tested ? 0 : FeatureFile.bytes(images.data().test().size(), features)));
  }

  /** Warns if maps were to be averaged to more means than usual, and have no more pixels. */
  private void warnOfPooling(Network network, int features) {
    FeatureForm form = settings.readOut().form();
    int usual = settings.readOut().readOut().form().pooled();
    if (form.pooled() > usual && features == form.pooled(0).width(network)) {
      progress.message(
          ("warning: maps are to be averaged to %sx%s means, but have no more pixels than that, so"
                  + " they stay as they are.")
              .formatted(form.pooled(), form.pooled()));
    }
  }

  /** Warns if fewer images are whitened by than there are features. */
  private void warnOfWhitening(int features) {
    int seen = statisticsImages().length;
    if (settings.readOut().form().whitened() > 0 && seen < features) {
      progress.message(
          ("warning: whitening needs to know how the %s features of an image vary together, and %s"
                  + " images are too few for that, so accuracy may fall to that of guessing;"
                  + " average maps to fewer means, or take more images.")
              .formatted(features, seen));
    }
  }

  /** The images by which features are normalised. */
  private int[] statisticsImages() {
    boolean closed = settings.readOut().readOut().isClosedForm();
    return closed ? images.training() : images.split().labelled();
  }

  /** Trains a linear classifier on features. */
  interface LinearTraining {
    /** The course of the training. */
    History run(LinearLearner learner, InputSource features, Examples labelled)
        throws CheckpointException;
  }

  /**
   * Learns labels from features of a pre-trained model.
   *
   * @param linear what trains where there is no closed form
   */
  Learned learn(ModelFile pretrained, LinearTraining linear) throws CheckpointException {
    FeatureForm form = settings.readOut().form();
    Network network = pretrained.network();
    boolean closed = settings.readOut().readOut().isClosedForm();
    PretrainSettings how = settings.pretrain();
    if (!how.method().isPretrained() || how.epochs() == 0) {
      calibrate(network, pretrained.inputs());
    }
    int width = form.width(network);
    String identity = identity(Identity.FROM + pretrained.identity());
    try (FeatureFile features =
        new FeatureFile(
            pretrained.inputs(), images.rows(isShared), width, folder.file(FEATURES), identity)) {
      features.complete(images.read(), some -> form.features(network, some), this::featuresSaved);
      Examples some = images.of(statisticsImages());
      Normalisation normalisation = normalisation(DataLoader.once(features, some), width);
      return closed
          ? learnInClosedForm(features, normalisation)
          : learnLinearly(features, normalisation, width, linear);
    }
  }

  /** Passes on that a block of features is in the file: a run that ends now goes on from there. */
  private void featuresSaved(String phase, int epoch, int epochs, long done, long total) {
    progress.saved();
    progress.step(phase, epoch, epochs, done, total);
  }

  /** What is done to features, by statistics of some of them. */
  private Normalisation normalisation(DataLoader features, int width) {
    FeatureForm form = settings.readOut().form();
    if (!form.normalised()) {
      return new Normalisation(null, null, form.unitLength());
    }
    Normalisation normalisation = Normalisation.blank(backend, width, form.unitLength());
    normalisation.fit(features);
    return form.whitened() > 0 ? normalisation.whitened(features, form.whitened()) : normalisation;
  }

  /**
   * Gives the batch norms of a network that has learned nothing the statistics of some training
   * images, as pre-training would have. Otherwise a control would be worse than it need be.
   */
  private void calibrate(Network network, Preprocessing inputs) {
    int[] train = images.split().train();
    Examples some = images.of(Arrays.copyOf(train, Math.min(train.length, CALIBRATION)));
    DataLoader.once(inputs, some)
        .forEachBlock((block, from) -> {
          network.trace(Trace.training(new Tape()), block);
          progress.step("batch norms", 1, 1, from + block.size(0), some.size());
        });
  }

  private Learned learnLinearly(
      FeatureFile features, Normalisation normalisation, int width, LinearTraining linear)
      throws CheckpointException {
    ReadOutSettings how = settings.readOut();
    int classes = images.data().train().classes();
    LinearLearner learner =
        new LinearLearner(backend, width, classes, how.epochs(), normalisation, settings.seed());
    Examples labelled = images.of(images.split().labelled());
    History history = linear.run(learner, features, labelled);
    return new Learned(learner.classifier().tensors(), history);
  }

  private Learned learnInClosedForm(FeatureFile features, Normalisation normalisation) {
    ReadOutSettings how = settings.readOut();
    int[] seen = images.training();
    int[] labelled = images.split().labelled();
    ReadOutData known =
        new ReadOutData(
            features,
            normalisation,
            images.data().train(),
            labelled,
            Arrays.copyOfRange(seen, labelled.length, seen.length),
            images.split().validation());
    return Learned.inClosedForm(how, known, progress);
  }

  /** The identity of the features of a pre-trained model, which {@code from} names. */
  private String identity(String from) {
    return Identity.of(
            settings.pretrainingIdentity(dataIdentity) + settings.readOut().featureIdentity(),
            backend.kernels())
        + from;
  }

  /**
   * The accuracy of a model on the test images.
   *
   * @param seen receives the scores (b, classes) of the test images, in their order
   */
  Accuracy test(ModelFile model, Consumer<float[]> seen) throws CheckpointException {
    Examples all = Examples.all(images.data().test());
    if (!isShared) {
      return model.accuracy(all, seen);
    }
    FeatureForm form = model.head().form();
    Network network = model.network();
    String from = model.identity().substring(model.identity().indexOf(Identity.FROM));
    Path file = folder.file(TEST_FEATURES);
    try (FeatureFile features =
        new FeatureFile(model.inputs(), all, form.width(network), file, identity(from))) {
      features.complete(some -> form.features(network, some), this::featuresSaved);
      return model.accuracy(features, all, seen);
    }
  }
}
