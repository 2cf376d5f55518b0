package org.fasthebb.tools.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.data.ImageSource;
import org.fasthebb.models.io.AtomicFile;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.Json;
import org.fasthebb.models.learn.Accuracy;
import org.fasthebb.models.protocol.Experiment;
import org.fasthebb.models.protocol.ModelFile;
import org.fasthebb.models.protocol.Settings;
import org.fasthebb.tools.console.ConsoleProgress;
import org.fasthebb.tools.console.Terminal;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.console.ToolCommand;
import org.fasthebb.tools.option.ComputeOptions;
import org.fasthebb.tools.option.DataOptions;
import org.fasthebb.tools.option.SaveOption;
import org.fasthebb.tools.option.TrainingOptions;
import org.fasthebb.tools.report.ConfusionTable;
import org.fasthebb.tools.report.FilterPicture;
import org.fasthebb.tools.report.Findings;
import org.fasthebb.tools.report.Predictions;
import org.fasthebb.tools.report.Report;
import org.fasthebb.tools.report.Results;
import org.fasthebb.tools.report.RunFolder;
import org.fasthebb.tools.report.Session;
import org.fasthebb.tools.report.Summary;
import picocli.CommandLine.Mixin;

/** A command that trains: checks its options, reads the data, works, and reports. */
abstract class TrainingCommand extends ToolCommand {
  /** Name of the file with the results. */
  static final String RESULTS = RunFolder.RESULTS;

  /** Name of the file with the report of fine-tuning. */
  static final String REPORT = "report.html";

  /** Name of the file with what the test said of each image. */
  static final String PREDICTIONS = "predictions.csv";

  /** Name of the file with how often each class was taken for each other. */
  static final String CONFUSION = "confusion.csv";

  @Mixin private DataOptions data;
  @Mixin private TrainingOptions training;
  @Mixin private SaveOption save;
  @Mixin private ComputeOptions compute;

  /** Refuses wrong options, before any work. */
  abstract void check();

  /** Reads the model that the command starts from, if any, before the data is read. */
  void open(Backend backend) throws CheckpointException {}

  /** Height and width that images are resized to. */
  abstract int side();

  /** Trains on the data. */
  abstract void work(Backend backend, DataSet images, ConsoleProgress progress)
      throws CheckpointException;

  DataOptions data() {
    return data;
  }

  TrainingOptions training() {
    return training;
  }

  SaveOption save() {
    return save;
  }

  ComputeOptions compute() {
    return compute;
  }

  @Override
  public final Integer call() throws CheckpointException {
    data.check(this);
    check();
    training.check(this);
    save.check(this);
    compute.check(this);
    try (Backend backend = compute.backend();
        ConsoleProgress progress =
            new ConsoleProgress(err(), Terminal.isLive(), System::nanoTime)) {
      open(backend);
      try (DataSet images = data.load(side())) {
        progress.message(
            "data: "
                + images.name()
                + ", "
                + Text.count(images.train().size(), "training image")
                + " and "
                + Text.count(images.test().size(), "test image")
                + " of "
                + (images.train().classes() == 1
                    ? "one class"
                    : images.train().classes() + " classes")
                + ", "
                + images.train().width()
                + "x"
                + images.train().height()
                + " pixels");
        work(backend, images, progress);
      }
    }
    return 0;
  }

  /** Runs the phases of an experiment in a folder; see {@link Session#run}. */
  void run(
      Backend backend,
      DataSet images,
      Settings settings,
      Path folder,
      ConsoleProgress progress,
      Session.SessionWork phases)
      throws CheckpointException {
    Session.run(
        backend,
        images,
        settings,
        folder,
        progress,
        session -> {
          session.experiment().setPace(save.pace());
          phases.accept(session);
        });
  }

  /** Words for the options of data, and more, that are not the defaults. */
  List<String> unusual(List<String> more) {
    List<String> words = new ArrayList<>(data.unusual());
    words.addAll(more);
    return words;
  }

  /** The command line that gives the same results again. */
  String command(String name, long seed, List<String> more) {
    List<String> words = new ArrayList<>(List.of("./fasthebb", name));
    words.addAll(data.words());
    words.addAll(more);
    words.addAll(training.words(seed));
    words.addAll(compute.words());
    return Text.command(words);
  }

  /** Whether the network of a session learns anything before it sees labels. */
  static boolean isPretrained(Session session) {
    return session.settings().pretrain().epochs() > 0;
  }

  /** The filters of a model that has not seen labels yet. */
  static FilterPicture before(Session session, ModelFile model) {
    return FilterPicture.of(
        model.network(), isPretrained(session) ? "after pre-training" : "at random");
  }

  /** What a test gave. */
  record Tested(Accuracy accuracy, Predictions predictions) {}

  /** Tests a model, or reads the results on disk if they are of this training. */
  static Tested test(Session session, Experiment.Phase phase) throws CheckpointException {
    Path file = session.folder().resolve(RESULTS);
    Path beside = session.folder().resolve(PREDICTIONS);
    ImageSource images = session.data().test();
    Results found = Results.find(file, session, phase.history());
    Predictions known = found == null ? null : Predictions.find(beside, images, found.test());
    if (known != null) {
      session.progress().message("found " + file + ", so the test is done already");
      return new Tested(found.test(), known);
    }
    boolean probabilities = phase.model().givesProbabilities();
    Predictions.Collector seen = new Predictions.Collector(images, probabilities);
    Accuracy accuracy = session.test(phase.model(), seen);
    return new Tested(accuracy, seen.predictions());
  }

  /** Writes the files of a command, and a summary to standard output. */
  void finish(Findings findings, String resultsFile, String reportFile) throws CheckpointException {
    Path folder = findings.session().folder();
    if (findings.predictions() != null) {
      findings.predictions().write(folder.resolve(PREDICTIONS));
      AtomicFile.writeString(
          folder.resolve(CONFUSION), new ConfusionTable(findings.predictions()).csv());
    }
    Report.write(folder.resolve(reportFile), findings);
    if (resultsFile != null) {
      Json.write(folder.resolve(resultsFile), findings.results());
    }
    if (compute.json()) {
      printJson(findings.results());
    } else {
      Summary.print(out(), findings);
    }
    out().flush();
  }
}
