package org.fasthebb.tools.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.protocol.Experiment;
import org.fasthebb.models.protocol.Settings;
import org.fasthebb.tools.console.ConsoleProgress;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.option.FineTuneOptions;
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
    description = "Fine-tune a pre-trained model on the few images with labels, and test it.")
public final class FinetuneCommand extends TrainingCommand {
  @Option(
      names = "--model",
      paramLabel = "FILE",
      required = true,
      description = "The pretrained.safetensors of pretrain or run.")
  private Path file;

  @Mixin private FineTuneOptions fineTune;

  private FinetuneCommand() {}

  @Override
  void check() {
    fineTune.check(this);
  }

  @Override
  void work(Backend backend, DataSet images, ConsoleProgress progress) throws CheckpointException {
    PretrainedModel start = PretrainedModel.read(backend, file);
    Settings settings =
        new Settings(
            start.rule(),
            start.naive(),
            start.zcaEpsilon(),
            start.vaeLoss(),
            fineTune.labels().fraction(),
            start.epochs(),
            fineTune.epochs(),
            training().batch(),
            fineTune.schedule(),
            fineTune.over(start.hyperparameters()),
            training().seed(start.seed()));
    String name =
        Text.format(
            "%s-%s-%spercent-seed%d",
            images.name(), start.rule(), fineTune.labels().digits(), settings.seed());
    Path folder = training().out(name);
    Session.run(backend, images, settings, folder, progress, session -> fineTune(session, start));
  }

  private void fineTune(Session session, PretrainedModel start) throws CheckpointException {
    session.requireLabels();
    FilterPicture before = FilterPicture.of(start.model().network(), "after pre-training");
    Experiment.Phase phase = session.experiment().fineTune(start.model());
    FilterPicture after = FilterPicture.of(phase.model().network(), "after fine-tuning");
    double test = session.test(phase.model());
    List<String> more = new ArrayList<>(List.of("--model", file.toString()));
    more.addAll(fineTune.words());
    Path model = session.folder().resolve(Experiment.MODEL);
    finish(
        new Findings(
            session,
            Results.of(session, start.outcome(), phase.outcome(), test),
            start.outcome(),
            phase.outcome(),
            List.of(before, after),
            command("finetune", session.settings().seed(), more),
            List.of(REPORT, RESULTS, Experiment.MODEL),
            new Findings.Next("test this model again", EvaluateCommand.command(model, data()))),
        RESULTS,
        REPORT);
  }
}
