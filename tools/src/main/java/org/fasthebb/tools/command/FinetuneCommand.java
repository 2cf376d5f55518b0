package org.fasthebb.tools.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.Json;
import org.fasthebb.models.learn.History;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.protocol.Experiment;
import org.fasthebb.models.protocol.Method;
import org.fasthebb.models.protocol.ModelFile;
import org.fasthebb.models.protocol.Settings;
import org.fasthebb.tools.console.ConsoleProgress;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.option.ReadOutOptions;
import org.fasthebb.tools.report.FilterPicture;
import org.fasthebb.tools.report.Findings;
import org.fasthebb.tools.report.Results;
import org.fasthebb.tools.report.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The second half of the experiment. */
@Command(
    name = "finetune",
    footer = {
      "",
      "Example:",
      "  ./fasthebb finetune --model runs/mine/pretrained.safetensors --data folder --data-dir"
          + " photos --labels 50%% --out runs/mine"
    },
    description =
        "Train a pre-trained model on the images with labels, and test it. It may have been"
            + " pre-trained on images of other classes, or without classes.")
public final class FinetuneCommand extends TrainingCommand {
  @Option(
      names = "--model",
      paramLabel = "FILE",
      required = true,
      description = "The pretrained.safetensors of pretrain or run.")
  private Path file;

  @Mixin private ReadOutOptions readOut;

  private ModelFile start;

  private FinetuneCommand() {}

  /** The options are checked later, once the model file has been read. */
  @Override
  void check() {}

  @Override
  void open(Backend backend) throws CheckpointException {
    start = ModelFile.read(backend, file);
    if (start.head().isClassifier()) {
      throw new CheckpointException(
          file + " has learned labels already; give the pretrained.safetensors beside it");
    }
    readOut.check(this, method());
  }

  private Method method() {
    return start.settings().method();
  }

  private Architecture network() {
    return start.network().architecture();
  }

  @Override
  int side() {
    return start.network().side();
  }

  @Override
  void work(Backend backend, DataSet images, ConsoleProgress progress) throws CheckpointException {
    if (!start.classNames().equals(images.train().classNames())) {
      progress.message(
          "the model was pre-trained on images of other classes or none; it learns those of "
              + images.name());
    }
    Settings settings =
        new Settings(
            start.settings(),
            readOut.settings(method(), network(), training().batch()),
            training().validation(),
            training().seed(start.seed()));
    String name =
        Text.format(
            "%s-%s-%spercent-seed%d",
            images.name(), method(), readOut.labels().digits(), settings.seed());
    Path folder = training().out(name, unusual(settings.unusual()));
    run(backend, images, settings, folder, progress, this::learnLabels);
  }

  private void learnLabels(Session session) throws CheckpointException {
    session.experiment().requireReadOut();
    FilterPicture before = before(session, start);
    Experiment.Phase phase = session.experiment().readOut(start);
    FilterPicture after = FilterPicture.of(phase.model().network(), "after learning the labels");
    Tested test = test(session, phase);
    History pretraining = pretraining();
    List<String> more = new ArrayList<>(List.of("--model", file.toString()));
    more.addAll(readOut.words(method(), network(), method()));
    Path model = session.folder().resolve(Experiment.MODEL);
    finish(
        new Findings(
            session,
            Results.of(session, pretraining, phase.history(), test.accuracy()),
            pretraining,
            phase.history(),
            test.predictions(),
            phase.model().network(),
            List.of(before, after),
            command("finetune", session.settings().seed(), more),
            List.of(REPORT, RESULTS, PREDICTIONS, CONFUSION, Experiment.MODEL),
            new Findings.Next("test this model again", EvaluateCommand.command(model, data()))),
        RESULTS,
        REPORT);
  }

  /** The history of pre-training, or null if the file beside the model is missing. */
  private History pretraining() throws CheckpointException {
    String name = file.getFileName().toString().replaceFirst("\\.safetensors$", "");
    Path json = file.resolveSibling(name + ".json");
    return Files.isRegularFile(json) ? Json.read(json, History.class) : null;
  }
}
