package org.fasthebb.models.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.data.ImageSet;
import org.fasthebb.models.data.ImageSource;
import org.fasthebb.models.data.Images;
import org.fasthebb.models.data.Shapes;
import org.fasthebb.models.inputs.Examples;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.SafeTensors;
import org.fasthebb.models.learn.Accuracy;
import org.fasthebb.models.learn.Criterion;
import org.fasthebb.models.learn.History;
import org.fasthebb.models.learn.Progress;
import org.fasthebb.models.learn.SavePace;
import org.fasthebb.models.learn.Schedule;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.network.Layer;
import org.fasthebb.models.readout.FeatureForm;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The protocol, mostly with SoftHebb, which has phases of all kinds. */
class ExperimentTest {
  private static final Backend CPU = Backend.cpu(2);

  /** Images of the smallest size that the small network takes. */
  private static final DataSet DATA = TinyData.of(24, 24, 10);

  private static final Architecture BLOCKS =
      new Architecture(
          "blocks",
          32,
          "out",
          List.of(
              new Layer.Standardised("bn1"),
              new Layer.Reflected("pad1", 2),
              new Layer.Neural("conv1", 8, 5, 1, 0.3f),
              new Layer.Centred("relu1"),
              new Layer.OverlappingMaxPooled("pool1"),
              new Layer.Raised("power1", 0.7f),
              new Layer.Standardised("bn2"),
              new Layer.Reflected("pad2", 1),
              new Layer.Neural("conv2", 12, 3, 0.65f, 0.3f),
              new Layer.Centred("relu2"),
              new Layer.OverlappingMaxPooled("pool2"),
              new Layer.Raised("power2", 1.4f),
              new Layer.Standardised("bn3"),
              new Layer.Reflected("pad3", 1),
              new Layer.Neural("conv3", 96, 3, 0.25f, 0.3f),
              new Layer.Centred("relu3"),
              new Layer.MeanPooled("pool3")));

  @TempDir Path dir;

  @AfterAll
  static void close() {
    CPU.close();
  }

  private static PretrainSettings pretrain(String method, Architecture architecture, int epochs) {
    PretrainSettings usual = PretrainSettings.of(Method.named(method).orElseThrow());
    return new PretrainSettings(
        usual.method(),
        false,
        architecture,
        usual.zcaEpsilon(),
        usual.vaeLoss(),
        usual.eta(),
        usual.temperature(),
        usual.winners(),
        epochs,
        10);
  }

  private static ReadOutSettings linear(int epochs, boolean mirrored) {
    return new ReadOutSettings(
        ReadOut.LINEAR,
        1,
        epochs,
        10,
        Schedule.CODE,
        1e-3f,
        0,
        0,
        FeatureForm.of(mirrored ? "normalised mirrored" : "normalised"),
        0,
        0);
  }

  /** In the smallest network that files can name. */
  private static Settings softHebb(boolean mirrored, long seed) {
    PretrainSettings own = pretrain("softhebb", Architecture.small(), 1);
    return new Settings(own, linear(3, mirrored), 0, seed);
  }

  private Experiment experiment(DataSet data, Settings settings, String out, Progress progress)
      throws CheckpointException {
    return new Experiment(CPU, data, settings, dir.resolve(out), progress);
  }

  private Experiment experiment(String out, long seed, Progress progress)
      throws CheckpointException {
    return experiment(DATA, softHebb(false, seed), out, progress);
  }

  private static Experiment.Phase run(Experiment experiment) throws CheckpointException {
    return experiment.readOut(experiment.pretrain().model());
  }

  private byte[] model(String out) throws IOException {
    return Files.readAllBytes(dir.resolve(out).resolve(Experiment.MODEL));
  }

  private Set<String> files(String out) throws IOException {
    try (Stream<Path> left = Files.list(dir.resolve(out))) {
      Set<String> names = new TreeSet<>();
      left.forEach(file -> names.add(file.getFileName().toString()));
      return names;
    }
  }

  // ---- learning

  @Test
  void learns() throws IOException {
    Settings settings = new Settings(pretrain("softhebb", BLOCKS, 2), linear(40, false), 0, 0);
    Experiment experiment = experiment(TinyData.of(16, 100, 40), settings, "out", Progress.SILENT);
    Experiment.Phase first = experiment.pretrain();
    assertEquals(2, first.history().bestEpoch(), "the last epoch counts");
    Experiment.Phase second = experiment.readOut(first.model());
    History readOut = second.history();
    assertEquals(40, readOut.bestEpoch(), "the last epoch counts");
    assertTrue(readOut.losses().getLast() < 0.7 * readOut.losses().getFirst(), "" + readOut);
    double accuracy = experiment.test(second.model()).top1();
    assertTrue(accuracy > 0.8, "chance is a half, but it is " + accuracy);
    assertEquals(
        Set.of("model.json", "model.safetensors", "pretrained.json", "pretrained.safetensors"),
        files("out"));
  }

  /** Backprop passes through triangles, powers, pools and padding. */
  @Test
  void softHebbsNetworkIsFineTuned() throws IOException {
    ReadOutSettings how =
        new ReadOutSettings(
            ReadOut.FINE_TUNE, 1, 6, 10, Schedule.CODE, 0.01f, 0, 0, FeatureForm.NORMALISED, 0, 0);
    Settings settings = new Settings(pretrain("softhebb", BLOCKS, 1), how, 0, 0);
    Experiment experiment = experiment(TinyData.of(16, 60, 20), settings, "out", Progress.SILENT);
    Experiment.Phase first = experiment.pretrain();
    float[] before = first.model().network().layers().getFirst().weights().toArray();
    Experiment.Phase second = experiment.readOut(first.model());
    float[] after = second.model().network().layers().getFirst().weights().toArray();
    assertFalse(Arrays.equals(before, after));
    List<Double> losses = second.history().losses();
    assertTrue(losses.getLast() < 0.5 * losses.getFirst(), losses::toString);
    double accuracy = experiment.test(second.model()).top1();
    assertTrue(accuracy > 0.8, "chance is a half, but it is " + accuracy);
  }

  @Test
  void anyNumberOfThreadsGivesTheSame() throws IOException {
    Settings settings = new Settings(pretrain("softhebb", BLOCKS, 1), linear(2, false), 0, 0);
    DataSet shapes = Shapes.generate(40, 10, 0);
    for (int threads : new int[] {1, 3}) {
      try (Backend backend = Backend.cpu(threads)) {
        run(
            new Experiment(
                backend, shapes, settings, dir.resolve("threads" + threads), Progress.SILENT));
      }
    }
    assertArrayEquals(model("threads1"), model("threads3"));
  }

  // ---- resuming

  /** Ends a run when it reports some phase for the n-th time. */
  private static Progress interruptedIn(String wanted, int when) {
    int[] told = {0};
    boolean[] saved = {false};
    return new Progress() {
      @Override
      public void message(String text) {}

      @Override
      public void saved() {
        saved[0] = true;
      }

      @Override
      public void step(String phase, int epoch, int epochs, long done, long total) {
        if (phase.equals(wanted) && ++told[0] == when) {
          throw new IllegalStateException(saved[0] ? "interrupted after a save" : "interrupted");
        }
        saved[0] = false;
      }

      @Override
      public void epoch(
          String phase, int epoch, int epochs, double loss, Criterion criterion, double value) {}
    };
  }

  private void interrupt(String phase, int when) throws CheckpointException {
    Experiment cut = experiment("cut", 0, interruptedIn(phase, when));
    cut.setPace(SavePace.every(0));
    assertThrows(IllegalStateException.class, () -> run(cut));
  }

  /**
   * The state is saved after every step, so that an interrupted run resumes in the middle of an
   * epoch.
   */
  @Test
  void goesOnAfterInterruptionsWithTheSameBits() throws IOException {
    Experiment calm = experiment("calm", 0, Progress.SILENT);
    Accuracy accuracy = calm.test(run(calm).model());
    interrupt("pretrain", 2);
    assertTrue(files("cut").contains("pretrain.state"));
    interrupt("features", 1);
    assertTrue(files("cut").contains("features.part"));
    interrupt("read-out", 5);
    assertTrue(files("cut").contains("read-out.state"));
    Experiment last = experiment("cut", 0, Progress.SILENT);
    Experiment.Phase phase = run(last);
    assertArrayEquals(model("calm"), model("cut"));
    assertEquals(accuracy, last.test(phase.model()));
    assertEquals(files("calm"), files("cut"));
    for (String name : List.of("pretrain.state", "read-out.state", "features.part")) {
      Files.writeString(dir.resolve("cut").resolve(name), "by a kill right after the phase");
    }
    Experiment again = experiment("cut", 0, Progress.SILENT);
    Experiment.Phase found = run(again);
    assertEquals(files("calm"), files("cut"), "leftovers");
    assertEquals(accuracy, again.test(found.model()), "of the files alone");
    assertEquals(phase.history().losses(), found.history().losses());
  }

  /** Few labels, as read-outs in closed form are for. */
  private static Settings closedForm(ReadOut readOut) {
    ReadOutSettings how =
        new ReadOutSettings(
            readOut, 0.1, 0, 10, Schedule.CODE, 1e-3f, 0, 0, FeatureForm.COMPARABLE, 70, 2);
    return new Settings(pretrain("hpca", Architecture.small(), 1), how, 0.2, 0);
  }

  @ParameterizedTest
  @EnumSource(names = {"RIDGE", "CENTROIDS", "KNN"})
  void readOutsInClosedForm(ReadOut readOut) throws IOException {
    DataSet data = TinyData.of(24, 100, 40);
    Settings settings = closedForm(readOut);
    Experiment calm = experiment(data, settings, "calm", Progress.SILENT);
    calm.requireReadOut();
    Experiment.Phase phase = run(calm);
    assertTrue(phase.history().accuracy() > 0.8, "two classes that are easily told apart");
    assertEquals(phase.history().epochs(), phase.history().accuracies().size());
    Accuracy accuracy = calm.test(phase.model());
    assertTrue(accuracy.top1() > 0.8, "" + accuracy);
    ModelFile read = ModelFile.read(CPU, dir.resolve("calm").resolve(Experiment.MODEL));
    assertEquals(FeatureForm.COMPARABLE, read.head().form());
    assertTrue(read.head().isClassifier());
    assertEquals(accuracy, read.accuracy(Examples.all(data.test())), "from the file alone");

    Experiment cut = experiment(data, settings, "cut", interruptedIn("features", 2));
    IllegalStateException stop = assertThrows(IllegalStateException.class, () -> run(cut));
    assertEquals("interrupted after a save", stop.getMessage(), "each block of features is kept");
    assertTrue(files("cut").contains("features.part"));
    try (Backend other = Backend.cpu(3)) {
      run(new Experiment(other, data, settings, dir.resolve("cut"), Progress.SILENT));
    }
    assertArrayEquals(model("calm"), model("cut"), "after a kill, with other threads");
    assertEquals(files("calm"), files("cut"));
  }

  /** Read-outs of two numbers of labels and two sets, with features of their own and shared. */
  @ParameterizedTest
  @EnumSource(names = {"LINEAR", "RIDGE"})
  void sharedFeaturesGiveTheSameBits(ReadOut readOut) throws IOException {
    DataSet data = TinyData.of(24, 100, 80);
    Path shared = dir.resolve("shared");
    int number = 0;
    for (double labels : new double[] {0.1, 0.2}) {
      for (int labelSet = 0; labelSet < 2; labelSet++) {
        ReadOutSettings how =
            new ReadOutSettings(
                readOut, labels, 2, 10, Schedule.CODE, 1e-3f, 0, 0, readOut.form(), 70, 2);
        Settings settings =
            new Settings(pretrain("frozen", Architecture.small(), 0), how, 0.2, 0)
                .withLabelSet(labelSet);
        Experiment own = experiment(data, settings, "own" + number, Progress.SILENT);
        Accuracy accuracy = own.test(run(own).model());
        if (number == 0) {
          Experiment cut = experiment(data, settings, "same0", interruptedIn("features", 1));
          cut.shareFeatures(shared);
          assertThrows(IllegalStateException.class, () -> run(cut));
        }
        Experiment same = experiment(data, settings, "same" + number, Progress.SILENT);
        same.shareFeatures(shared);
        same.requireReadOut();
        Experiment.Phase phase = run(same);
        assertArrayEquals(model("own" + number), model("same" + number));
        assertEquals(accuracy, same.test(phase.model()));
        Experiment again = experiment(data, settings, "same" + number, Progress.SILENT);
        again.shareFeatures(shared);
        assertEquals(accuracy, again.test(run(again).model()), "of the files alone");
        number++;
      }
    }
    assertFalse(Arrays.equals(model("same0"), model("same1")), "other labels");
    assertEquals(Set.of("features.part", "test-features.part"), files("shared"));
    assertFalse(files("same0").contains("features.part"));
    Experiment.removeFeatures(shared);
    assertEquals(Set.of(), files("shared"));
  }

  @Test
  void withoutValidationThereIsNoSelfTraining() throws IOException {
    Settings some = closedForm(ReadOut.RIDGE);
    Settings none = new Settings(some.pretrain(), some.readOut(), 0, 0);
    List<String> messages = new ArrayList<>();
    Experiment experiment =
        experiment(TinyData.of(24, 100, 40), none, "out", listeningTo(messages));
    experiment.requireReadOut();
    Experiment.Phase phase = run(experiment);
    assertEquals(
        "warning: self-training needs validation images to know when to stop, and nothing is held"
            + " out, so there is none.",
        messages.getFirst());
    assertTrue(messages.getLast().contains("by leaving one out"), messages::toString);
    assertNull(phase.history().accuracy());
    assertTrue(experiment.test(phase.model()).top1() > 0.8);
  }

  @Test
  void otherSeedsGiveOtherBytesAndFoldersOfOthersAreRefused() throws IOException {
    Settings one = new Settings(pretrain("softhebb", BLOCKS, 1), linear(1, false), 0, 0);
    Settings two = new Settings(pretrain("softhebb", BLOCKS, 1), linear(1, false), 0, 1);
    run(experiment(DATA, one, "one", Progress.SILENT));
    run(experiment(DATA, two, "two", Progress.SILENT));
    assertFalse(Arrays.equals(model("one"), model("two")));
    experiment("out", 0, Progress.SILENT).pretrain();
    Experiment other = experiment("out", 1, Progress.SILENT);
    String message = assertThrows(CheckpointException.class, other::pretrain).getMessage();
    assertTrue(message.contains("other settings: seed is 0 there and 1 here; choose"), message);
  }

  @Test
  void allThatDiffersIsRefusedAtOnceBeforeAnyWork() throws IOException {
    run(experiment("out", 0, Progress.SILENT));
    experiment("out", 0, Progress.SILENT).requireReadOut();
    Settings other =
        new Settings(pretrain("softhebb", Architecture.small(), 2), linear(4, false), 0, 0);
    Experiment refused = experiment(DATA, other, "out", Progress.SILENT);
    String message = assertThrows(CheckpointException.class, refused::requireReadOut).getMessage();
    Path out = dir.resolve("out");
    assertEquals(
        "%s and %s belong to a run with other settings: epochs is 1 there and 2 here,"
                .formatted(out.resolve(Experiment.PRETRAINED), out.resolve(Experiment.MODEL))
            + " read-out-epochs is 3 there and 4 here; choose another output folder, or remove"
            + " them",
        message);
    Settings later =
        new Settings(pretrain("softhebb", Architecture.small(), 1), linear(4, false), 0, 0);
    Experiment readOut = experiment(DATA, later, "out", Progress.SILENT);
    message = assertThrows(CheckpointException.class, readOut::requireReadOut).getMessage();
    assertTrue(message.startsWith(out.resolve(Experiment.MODEL) + " belongs to"), message);
  }

  private static Progress listeningTo(List<String> messages) {
    return new Progress() {
      @Override
      public void message(String text) {
        messages.add(text);
      }

      @Override
      public void step(String phase, int epoch, int epochs, long done, long total) {}

      @Override
      public void epoch(
          String phase, int epoch, int epochs, double loss, Criterion criterion, double value) {}
    };
  }

  /** Model files name their network. */
  @Test
  void aNetworkThatFilesCannotNameIsWarnedOf() throws IOException {
    List<String> messages = new ArrayList<>();
    Progress listening = listeningTo(messages);
    experiment("small", 0, listening);
    assertEquals(List.of(), messages);
    Settings own = new Settings(pretrain("softhebb", BLOCKS, 1), linear(1, false), 0, 0);
    experiment(DATA, own, "own", listening);
    assertEquals(
        List.of(
            "warning: the network blocks is not in Architecture.ALL, so its model files cannot be"
                + " read again; add it there to keep them."),
        messages);
  }

  @Test
  void mirroredFeaturesNeedAnotherReadOut() throws IOException {
    Experiment plain = experiment("plain", 0, Progress.SILENT);
    run(plain);
    Settings mirrored = softHebb(true, 0);
    for (String name : List.of("pretrained.safetensors", "pretrained.json")) {
      Files.createDirectories(dir.resolve("mirrored"));
      Files.copy(dir.resolve("plain").resolve(name), dir.resolve("mirrored").resolve(name));
    }
    Experiment other = experiment(DATA, mirrored, "mirrored", Progress.SILENT);
    ModelFile model = run(other).model();
    assertTrue(model.head().form().mirrored());
    ModelFile read = ModelFile.read(CPU, dir.resolve("mirrored").resolve(Experiment.MODEL));
    assertTrue(read.head().form().mirrored(), "the file says so, and scores are made so");
    Examples test = Examples.all(DATA.test());
    assertEquals(model.accuracy(test), read.accuracy(test));
    assertFalse(Arrays.equals(model("plain"), model("mirrored")));
    Experiment refused = experiment(DATA, mirrored, "plain", Progress.SILENT);
    ModelFile pretrained = refused.pretrain().model();
    String message =
        assertThrows(CheckpointException.class, () -> refused.readOut(pretrained)).getMessage();
    assertTrue(message.contains("other settings: mirrored is off there and on here"), message);
  }

  @Test
  void aHistoryThatIsGoneOrDamaged() throws IOException {
    run(experiment(DATA, softHebb(false, 0), "out", Progress.SILENT));
    Path json = dir.resolve("out/pretrained.json");
    String whole = Files.readString(json);
    for (String text :
        Arrays.asList(null, "", "{}", whole.substring(0, 20), whole.replace("1", "l"))) {
      if (text == null) {
        Files.delete(json);
      } else {
        Files.writeString(json, text);
      }
      String message =
          assertThrows(CheckpointException.class, experiment("out", 0, Progress.SILENT)::pretrain)
              .getMessage();
      assertTrue(message.contains(json.toString()), message);
      String remedy = "; put a copy of it back, or remove ";
      Path model = dir.resolve("out").resolve(Experiment.PRETRAINED);
      assertTrue(message.endsWith(remedy + model + " too and run again to train anew"), message);
    }
    Files.delete(dir.resolve("out").resolve(Experiment.PRETRAINED));
    experiment("out", 0, Progress.SILENT).pretrain(); // the way out that the message names
    assertEquals(1, experiment("out", 0, Progress.SILENT).pretrain().history().epochs());
  }

  @Test
  void otherKernelsAreRefused() throws IOException {
    experiment("out", 0, Progress.SILENT).pretrain();
    Path file = dir.resolve("out").resolve(Experiment.PRETRAINED);
    String here = "kernels=" + CPU.kernels();
    ModelFile model = ModelFile.read(CPU, file);
    assertTrue((model.identity() + " ").contains(" " + here + " "), model.identity());
    Map<String, String> provenance = new LinkedHashMap<>(model.provenance());
    provenance.put("identity", model.identity().replace(here, "kernels=64"));
    new ModelFile(
            model.network(),
            model.inputs(),
            model.classNames(),
            model.settings(),
            provenance,
            model.head())
        .write(file);
    String message =
        assertThrows(CheckpointException.class, experiment("out", 0, Progress.SILENT)::pretrain)
            .getMessage();
    assertTrue(message.contains("kernels is 64 there and " + CPU.kernels() + " here"), message);
    assertTrue(message.endsWith("go on with --kernels 64, or choose another output folder"));
  }

  // ---- validation

  private static Settings hpca(double validation, ReadOut readOut) {
    ReadOutSettings how =
        new ReadOutSettings(
            readOut, 1, 3, 10, Schedule.CODE, 1e-3f, 0, 0, FeatureForm.NORMALISED, 0, 0);
    return new Settings(pretrain("hpca", TinyData.NETWORK, 3), how, validation, 0);
  }

  private static DataSet tiny(int train) {
    return TinyData.of(10, train, 10);
  }

  private Set<String> tensors(String out, String file) throws CheckpointException {
    try (SafeTensors saved = SafeTensors.read(dir.resolve(out).resolve(file))) {
      return new TreeSet<>(saved.names());
    }
  }

  @Test
  void withoutValidationTheLastEpochCounts() throws IOException {
    for (ReadOut readOut : List.of(ReadOut.FINE_TUNE, ReadOut.LINEAR)) {
      String out = "none" + readOut;
      Experiment experiment = experiment(tiny(20), hpca(0, readOut), out, Progress.SILENT);
      assertEquals(20, experiment.labelledImages());
      Experiment.Phase first = experiment.pretrain();
      assertUnvalidated(first);
      assertUnvalidated(experiment.readOut(first.model()));
      Set<String> names = tensors(out, Experiment.PRETRAINED);
      assertFalse(names.contains("out.weight"), "no read-out that nothing needs: " + names);
      assertTrue(tensors(out, Experiment.MODEL).contains("fc.weight"));
    }
  }

  private static void assertUnvalidated(Experiment.Phase phase) {
    History history = phase.history();
    assertEquals(3, history.bestEpoch());
    assertNull(history.accuracy());
    assertEquals(List.of(), history.accuracies());
    assertEquals(List.of(), history.validationLosses());
    assertEquals(3, history.losses().size());
    assertFalse(phase.model().provenance().containsKey("validation_accuracy"));
    assertFalse(phase.model().provenance().containsKey("validation_loss"));
  }

  /** A fifth of four images, rounded down, is 0. */
  @Test
  void fourImagesLeaveNoneForValidation() throws IOException {
    Experiment experiment =
        experiment(tiny(4), hpca(Settings.VALIDATION, ReadOut.FINE_TUNE), "out", Progress.SILENT);
    Experiment.Phase first = experiment.pretrain();
    assertUnvalidated(first);
    assertUnvalidated(experiment.readOut(first.model()));
    assertFalse(tensors("out", Experiment.PRETRAINED).contains("out.weight"));
  }

  @Test
  void withValidationTheBestEpochCounts() throws IOException {
    Experiment experiment =
        experiment(tiny(20), hpca(0.5, ReadOut.FINE_TUNE), "out", Progress.SILENT);
    assertEquals(10, experiment.labelledImages());
    Experiment.Phase first = experiment.pretrain();
    for (Experiment.Phase phase : List.of(first, experiment.readOut(first.model()))) {
      History history = phase.history();
      assertEquals(3, history.accuracies().size());
      double best = history.accuracies().stream().max(Double::compare).orElseThrow();
      assertEquals(best, history.accuracy());
      assertEquals(history.accuracies().indexOf(best) + 1, history.bestEpoch());
      assertEquals(Double.toString(best), phase.model().provenance().get("validation_accuracy"));
    }
    assertTrue(tensors("out", Experiment.PRETRAINED).contains("out.weight"));
  }

  // ---- refusals

  @Test
  void imagesThatDoNotSuitTheNetwork() {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> experiment(TinyData.of(6, 20, 4), softHebb(false, 0), "out", Progress.SILENT))
            .getMessage();
    assertTrue(message.contains("images of 6x6 pixels are too small"), message);
    assertFalse(Files.exists(dir.resolve("out")), "before anything is made");
  }

  @Test
  void tooFewLabels() throws IOException {
    Settings one =
        new Settings(
            pretrain("hpca", TinyData.NETWORK, 1),
            ReadOutSettings.of(ReadOut.FINE_TUNE, 0.06, Architecture.small()),
            0);
    Experiment experiment = experiment(tiny(20), one, "out", Progress.SILENT);
    assertEquals(1, experiment.labelledImages());
    String message = assertThrows(DataException.class, experiment::requireReadOut).getMessage();
    assertTrue(message.contains("1 of the 16 training images have a label, but"), message);
  }

  /** The same images, of which each half is a class of other names and one class has none. */
  private static DataSet ofOtherClasses(DataSet data) {
    List<String> names = List.of("disc", "ring", "square", "triangle", "cross", "star");
    ImageSet[] parts = new ImageSet[2];
    for (int p = 0; p < 2; p++) {
      ImageSource part = p == 0 ? data.train() : data.test();
      byte[] pixels = Images.pixels(part);
      parts[p] = new ImageSet(part.height(), part.width(), 3, names, pixels, part.labels());
    }
    return new DataSet("other", parts[0], parts[1]);
  }

  @Test
  void modelsOfOtherClasses() throws IOException {
    Settings settings = hpca(0, ReadOut.FINE_TUNE);
    Experiment experiment = experiment(tiny(20), settings, "out", Progress.SILENT);
    ModelFile model = experiment.pretrain().model();
    Experiment other = experiment(ofOtherClasses(tiny(20)), settings, "other", Progress.SILENT);
    String message = assertThrows(CheckpointException.class, () -> other.test(model)).getMessage();
    assertTrue(
        message.contains(
            "the model knows 2 classes and other has 6; they differ from number 1 on: above, left,"
                + " but disc, ring, square, triangle, cross ..."),
        message);
    ModelFile learned = other.readOut(model).model();
    assertEquals(6, learned.classNames().size(), "a new head learns the other classes");
    assertTrue(other.test(learned).top1() >= 0);
    Experiment large = experiment(TinyData.of(12, 20, 10), settings, "large", Progress.SILENT);
    String sizes = assertThrows(CheckpointException.class, () -> large.readOut(model)).getMessage();
    assertTrue(sizes.contains("images of 10 pixels a side, but those of tiny have 12"), sizes);
  }

  @Test
  void modelsThatHaveNoClassifierYet() throws IOException {
    Experiment experiment =
        experiment(tiny(20), hpca(0, ReadOut.FINE_TUNE), "out", Progress.SILENT);
    ModelFile model = experiment.pretrain().model();
    String message =
        assertThrows(IllegalStateException.class, () -> experiment.test(model)).getMessage();
    assertEquals("the model has no classifier yet; fine-tune it first", message);
  }
}
