package org.fasthebb.tools.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.protocol.Experiment;
import org.fasthebb.models.protocol.Method;
import org.fasthebb.models.protocol.ReadOutSettings;
import org.fasthebb.models.protocol.Settings;
import org.fasthebb.tools.console.ConsoleProgress;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.option.PretrainOptions;
import org.fasthebb.tools.report.Findings;
import org.fasthebb.tools.report.Results;
import org.fasthebb.tools.report.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The first half of the experiment. */
@Command(
    name = "pretrain",
    footer = {
      "",
      "Examples:",
      "  ./fasthebb pretrain --data folder --data-dir photos --epochs 1 --out runs/mine",
      "  ./fasthebb pretrain --data unlabelled --data-dir photos --rule softhebb --out runs/mine"
    },
    description = "Pre-train on all training images, without labels; write the model.")
public final class PretrainCommand extends TrainingCommand {
  private static final String PRETRAIN_REPORT = "pretrained.html";

  @Mixin private PretrainOptions pretrain;

  private PretrainCommand() {}

  @Override
  void check() {
    pretrain.check(this, data());
  }

  @Override
  int side() {
    return pretrain.architecture().side();
  }

  @Override
  void work(Backend backend, DataSet images, ConsoleProgress progress) throws CheckpointException {
    long seed = training().seed();
    Method method = pretrain.method();
    Settings settings =
        new Settings(
            pretrain.settings(training().batch()),
            ReadOutSettings.of(method.readOut(), 1, pretrain.architecture()), // not used here
            validation(images, method, progress),
            seed);
    String name = Text.format("%s-%s-seed%d", images.name(), method, seed);
    Path folder = training().out(name, unusual(settings.unusualPretraining()));
    run(backend, images, settings, folder, progress, this::pretrain);
  }

  /**
   * The share of the images that is held out. A Hebbian rule is validated by a read-out of the
   * labels, so without labels nothing is.
   */
  private double validation(DataSet images, Method method, ConsoleProgress progress) {
    boolean byLabels = method.learning() == Method.Learning.HEBBIAN;
    if (!byLabels || images.train().classes() > 1) {
      return training().validation();
    }
    require(
        !isGiven("--validation") || training().validation() == 0,
        "--validation needs labels: the best epoch of a Hebbian rule is the one whose features tell"
            + " classes best; without labels the last epoch counts");
    progress.message(
        "there are no labels, so nothing is held out for validation, and the last epoch counts");
    return 0;
  }

  private void pretrain(Session session) throws CheckpointException {
    Experiment.Phase phase = session.experiment().pretrain();
    Path model = session.folder().resolve(Experiment.PRETRAINED);
    finish(
        new Findings(
            session,
            Results.of(session, phase.history(), null, null),
            phase.history(),
            null,
            null,
            phase.model().network(),
            List.of(before(session, phase.model())),
            command("pretrain", training().seed(), pretrain.words(null)),
            List.of(PRETRAIN_REPORT, Experiment.PRETRAINED),
            next(session, model)),
        null,
        PRETRAIN_REPORT);
  }

  private Findings.Next next(Session session, Path model) {
    List<String> from = List.of("--model", model.toString());
    if (session.data().train().classes() > 1) {
      return new Findings.Next(
          "fine-tune this model", command("finetune", training().seed(), from));
    }
    List<String> words = new ArrayList<>(List.of("./fasthebb", "finetune"));
    words.addAll(from);
    words.addAll(List.of("--data", "folder", "--data-dir", "DIR"));
    return new Findings.Next(
        "fine-tune this model on images with labels, in DIR/train/CLASS and DIR/test/CLASS",
        Text.command(words));
  }
}
