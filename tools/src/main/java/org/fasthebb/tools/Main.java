package org.fasthebb.tools;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.image.ImageDecoder;
import org.fasthebb.models.image.Orientation;
import org.fasthebb.models.learn.Schedule;
import org.fasthebb.models.network.VaeLoss;
import org.fasthebb.models.pack.PackFormat;
import org.fasthebb.models.protocol.Version;
import org.fasthebb.models.retrieval.Distance;
import org.fasthebb.tools.command.BenchCommand;
import org.fasthebb.tools.command.CompletionCommand;
import org.fasthebb.tools.command.DataCommand;
import org.fasthebb.tools.command.DeriveCommand;
import org.fasthebb.tools.command.DoctorCommand;
import org.fasthebb.tools.command.EvaluateCommand;
import org.fasthebb.tools.command.FinetuneCommand;
import org.fasthebb.tools.command.HelpCommand;
import org.fasthebb.tools.command.PretrainCommand;
import org.fasthebb.tools.command.RetrieveCommand;
import org.fasthebb.tools.command.RunCommand;
import org.fasthebb.tools.command.SearchCommand;
import org.fasthebb.tools.command.ShellCommand;
import org.fasthebb.tools.command.Table1Command;
import org.fasthebb.tools.command.Table2Command;
import org.fasthebb.tools.command.VerifyCommand;
import org.fasthebb.tools.console.Failures;
import org.fasthebb.tools.console.Machine;
import org.fasthebb.tools.console.Terminal;
import org.fasthebb.tools.console.ToolCommand;
import org.fasthebb.tools.derive.Derivations;
import org.fasthebb.tools.download.Official;
import org.fasthebb.tools.option.Choice;
import org.fasthebb.tools.option.DataOptions;
import org.fasthebb.tools.option.MethodConverter;
import org.fasthebb.tools.option.NumberConverter;
import org.fasthebb.tools.option.PathConverter;
import org.fasthebb.tools.option.Percent;
import org.fasthebb.tools.option.PretrainOptions;
import org.fasthebb.tools.option.Protocol;
import org.fasthebb.tools.photos.ClassifyCommand;
import org.fasthebb.tools.photos.EmbedCommand;
import org.fasthebb.tools.photos.SimilarCommand;
import org.fasthebb.tools.research.CompareCommand;
import org.fasthebb.tools.research.ExportCommand;
import org.fasthebb.tools.research.ReadOutCommand;
import org.fasthebb.tools.research.RunsCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program {@code fasthebb}. */
@Command(
    name = "fasthebb",
    versionProvider = Main.Versions.class,
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    sortOptions = false,
    synopsisSubcommandLabel = "COMMAND",
    description = "Hebbian pre-training without labels, and fine-tuning with few labels.",
    footer = {"", "Examples:", "  ./fasthebb run", "  ./fasthebb help run"},
    subcommands = {
      RunCommand.class,
      PretrainCommand.class,
      FinetuneCommand.class,
      EvaluateCommand.class,
      Table1Command.class,
      Table2Command.class,
      SearchCommand.class,
      RetrieveCommand.class,
      ClassifyCommand.class,
      SimilarCommand.class,
      EmbedCommand.class,
      ExportCommand.class,
      ReadOutCommand.class,
      RunsCommand.class,
      CompareCommand.class,
      DataCommand.class,
      VerifyCommand.class,
      DeriveCommand.class,
      ShellCommand.class,
      DoctorCommand.class,
      BenchCommand.class,
      CompletionCommand.class,
      HelpCommand.class
    })
public final class Main extends ToolCommand {
  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description =
          "After a failure, print the stack trace; with --version, what computes and what"
              + " decodes images.")
  private boolean verbose;

  private Main() {}

  /** Runs the program and exits: 0 for success, 1 for failure, 2 for a wrong command line. */
  public static void main(String[] args) {
    Terminal.takeStandardError();
    System.exit(execute(commandLine(), args));
  }

  /**
   * Runs the program inside another one.
   *
   * @return its exit code
   */
  public static int run(PrintWriter out, PrintWriter err, String... args) {
    return execute(commandLine().setOut(out).setErr(err), args);
  }

  /** The program, with its standard streams. */
  static CommandLine commandLine() {
    CommandLine program = new CommandLine(new Main());
    program.setResourceBundle(new MethodConverter.MethodTitles());
    Terminal.wrapHelp(program, System.getenv("COLUMNS"));
    NumberConverter.register(program);
    program.registerConverter(VaeLoss.class, Choice.of(VaeLoss.class));
    program.registerConverter(Orientation.class, Choice.of(Orientation.class));
    program.registerConverter(
        CompletionCommand.Shell.class, Choice.of(CompletionCommand.Shell.class));
    program.registerConverter(
        ReadOutCommand.ClosedForm.class, Choice.of(ReadOutCommand.ClosedForm.class));
    program.registerConverter(Schedule.class, Choice.of(Schedule.class));
    program.registerConverter(Protocol.class, Choice.of(Protocol.class));
    program.registerConverter(DataOptions.DataKind.class, Choice.of(DataOptions.DataKind.class));
    program.registerConverter(PackFormat.class, Choice.of(PackFormat.class));
    program.registerConverter(Official.class, Choice.of(Official.class));
    program.registerConverter(
        PretrainOptions.RuleForm.class, Choice.of(PretrainOptions.RuleForm.class));
    program.registerConverter(Derivations.class, Choice.of(Derivations.class));
    program.registerConverter(Distance.class, Choice.of(Distance.class));
    program.registerConverter(Path.class, new PathConverter());
    program.registerConverter(Percent.class, new Percent.PercentConverter());
    program.setParameterExceptionHandler((e, _) -> Failures.usage(e));
    program.setExecutionExceptionHandler(
        (e, command, _) -> Failures.failed(e, isVerbose(program), command.getErr()));
    return program;
  }

  /** Runs the program; returns its exit code. */
  static int execute(CommandLine program, String... args) {
    try {
      int code = program.execute(args);
      return code != 0 || Failures.isWritten(program.getOut())
          ? code
          : Failures.lost(program.getErr());
    } catch (OutOfMemoryError
        | InternalError
        | StackOverflowError
        | LinkageError
        | AssertionError e) {
      return Failures.failed(e, isVerbose(program), program.getErr());
    }
  }

  private static boolean isVerbose(CommandLine program) {
    return program.<Main>getCommand().verbose;
  }

  @Override
  public Integer call() {
    showUsage();
    return Failures.USAGE;
  }

  /** Says which version this is. */
  static final class Versions implements IVersionProvider {
    @Spec private CommandSpec spec;

    private Versions() {}

    @Override
    public String[] getVersion() {
      String version = "fasthebb " + Version.VERSION + " (Java " + Runtime.version() + ")";
      CommandLine program = spec.root().commandLine(); // null while commands are being made
      if (program == null || !isVerbose(program)) {
        return new String[] {version};
      }
      try (Backend cpu = Backend.cpu()) {
        return new String[] {
          version,
          "java       " + Machine.java() + ", in " + System.getProperty("java.home"),
          "kernels    " + cpu.describe(),
          "data       images by decoder %s, JPEG by %s"
              .formatted(ImageDecoder.VERSION, ImageDecoder.jpegDecoder())
        };
      }
    }
  }
}
