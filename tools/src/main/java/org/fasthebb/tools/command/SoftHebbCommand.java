package org.fasthebb.tools.command;

import java.nio.file.Path;
import java.util.List;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.Json;
import org.fasthebb.models.learn.History;
import org.fasthebb.models.network.SoftHebbNetwork;
import org.fasthebb.models.protocol.SoftHebbExperiment;
import org.fasthebb.models.protocol.Version;
import org.fasthebb.tools.console.ConsoleProgress;
import org.fasthebb.tools.console.Machine;
import org.fasthebb.tools.console.Terminal;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.console.ToolCommand;
import org.fasthebb.tools.option.ComputeOptions;
import org.fasthebb.tools.option.DataOptions;
import org.fasthebb.tools.option.Defaults;
import org.fasthebb.tools.option.OutOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** SoftHebb's network: an epoch without labels, a linear read-out, and a test. */
@Command(
    name = "softhebb",
    description = {
      "Train SoftHebb's network of three blocks without labels and a linear read-out on top of it,"
          + " as its authors do, and test it.",
      "",
      "All training images and labels are used; the last epoch is tested, nothing is chosen by the"
          + " test images. Features of the training images lie in the output folder while the"
          + " read-out learns: 4.9 GB for 50,000 images."
    })
public final class SoftHebbCommand extends ToolCommand {
  @Mixin private DataOptions data;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "1",
      description = "Epochs of learning without labels. Default: ${DEFAULT-VALUE}.")
  private int epochs;

  @Option(
      names = "--read-out-epochs",
      paramLabel = "N",
      defaultValue = "50",
      description = "Epochs of the read-out. Default: ${DEFAULT-VALUE}.")
  private int readOutEpochs;

  @Option(
      names = "--raw-features",
      description =
          "Read the features out as they are, like the authors. Otherwise each is brought to mean 0"
              + " and variance 1 over the training images first, which suits the steps of Adam.")
  private boolean rawFeatures;

  @Option(
      names = "--mirror",
      description =
          "Read out the mean of the features of an image and of its mirror image, in training and"
              + " in the test, which takes twice the time for features. The authors read out those"
              + " of the image alone.")
  private boolean mirror;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = Defaults.SEED,
      description = "Decides everything random. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private OutOption out;

  @Mixin private ComputeOptions compute;

  private SoftHebbCommand() {}

  /**
   * What came of it, for programs: {@code results.json} and {@code --json}.
   *
   * @param testAccuracy on the test images after the last epoch, 0 to 1
   * @param unsupervisedSeconds over all parts of an interrupted run
   * @param featureSeconds for features of the training images; null if they were there already
   * @param readOutSeconds over all parts of an interrupted run
   * @param readOutLoss mean training loss of each epoch
   * @param peakMemory of this process in bytes; null where the system does not tell
   * @param rawFeatures whether features were not normalised for the read-out
   * @param mirror whether features were means over an image and its mirror image
   * @param kernels what computed, and why
   * @param out the folder with the files
   */
  public record Results(
      double testAccuracy,
      double unsupervisedSeconds,
      Double featureSeconds,
      double readOutSeconds,
      double testSeconds,
      Long peakMemory,
      List<Double> readOutLoss,
      int epochs,
      int readOutEpochs,
      boolean rawFeatures,
      boolean mirror,
      long seed,
      String data,
      String dataFingerprint,
      int trainingImages,
      int testImages,
      int classes,
      int threads,
      String kernels,
      String version,
      String java,
      String os,
      String out) {

    /** As lines for people. */
    String text() {
      return String.join(
          System.lineSeparator(),
          Text.format(
              "Test accuracy  %s of %s (guessing among %d classes would give %s)",
              Text.percent(testAccuracy),
              Text.count(testImages, "image"),
              classes,
              Text.percent(1.0 / classes)),
          Text.format(
              "Unsupervised   %s, %s of %s",
              Text.seconds(unsupervisedSeconds),
              Text.count(epochs, "epoch"),
              Text.count(trainingImages, "image")),
          Text.format(
              "Read-out       %s, %s, the last loss %.3f%s",
              Text.seconds(readOutSeconds),
              Text.count(readOutEpochs, "epoch"),
              readOutLoss.getLast(),
              featureSeconds == null ? "" : "; features before it " + Text.seconds(featureSeconds)),
          "Peak memory    " + (peakMemory == null ? "unknown" : Text.gib(peakMemory)),
          "",
          "In " + out + ": " + String.join(", ", FILES));
    }
  }

  private static final String RESULTS = "results.json";

  private static final List<String> FILES =
      List.of(RESULTS, SoftHebbExperiment.UNSUPERVISED, SoftHebbExperiment.MODEL);

  @Override
  public Integer call() throws CheckpointException {
    data.check(this);
    require(epochs >= 0, "--epochs is " + epochs + "; it must be at least 0");
    require(
        readOutEpochs >= 1, "--read-out-epochs is " + readOutEpochs + "; it must be at least 1");
    out.check(this);
    compute.check(this);
    try (Backend backend = compute.backend();
        ConsoleProgress progress =
            new ConsoleProgress(err(), Terminal.isLive(), System::nanoTime)) {
      Results results = run(backend, data.load(), progress);
      answer(compute.json(), results, results.text());
    }
    return 0;
  }

  private Results run(Backend backend, DataSet images, ConsoleProgress progress)
      throws CheckpointException {
    Path folder = out.folder(Text.format("%s-softhebb-seed%d", images.name(), seed));
    SoftHebbExperiment experiment =
        new SoftHebbExperiment(
            backend,
            images,
            new SoftHebbExperiment.Settings(
                SoftHebbNetwork.cifar10(), epochs, readOutEpochs, !rawFeatures, mirror, seed),
            folder,
            progress);
    History unsupervised = experiment.learn();
    History readOut = experiment.readOut();
    long start = System.nanoTime();
    double accuracy = experiment.test();
    Results results =
        new Results(
            accuracy,
            unsupervised.seconds(),
            experiment.featureSeconds() == 0 ? null : experiment.featureSeconds(),
            readOut.seconds(),
            (System.nanoTime() - start) * 1e-9,
            Machine.peakMemory().orElse(null),
            readOut.losses(),
            epochs,
            readOutEpochs,
            rawFeatures,
            mirror,
            seed,
            images.name(),
            images.fingerprint(),
            images.train().size(),
            images.test().size(),
            images.train().classes(),
            backend.threads(),
            backend.describe(),
            Version.VERSION,
            Machine.java(),
            Machine.os(),
            folder.toString());
    Json.write(folder.resolve(RESULTS), results);
    return results;
  }
}
