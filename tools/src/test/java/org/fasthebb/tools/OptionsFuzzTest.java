package org.fasthebb.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.List;
import java.util.stream.Stream;
import org.fasthebb.testing.FuzzTest;
import org.fasthebb.tools.console.Failures;
import picocli.CommandLine;

/** Command lines, one word a line, which are read but not carried out. */
class OptionsFuzzTest extends FuzzTest {
  private final CommandLine program =
      Main.commandLine().setOut(new PrintWriter(Writer.nullWriter())).setExecutionStrategy(_ -> 0);

  @Override
  protected List<byte[]> seeds() {
    return Stream.of(
            "run --data shapes --rule swta --epochs 2 --labels 5% --batch 64 --seed 7 --json",
            "run --data cifar10 --data-dir x --rule hpca --rate 1e-3 --validation 20 --threads 2",
            "pretrain --rule softhebb --eta 0.1 --temperature 0.5 --winners 3 --out y",
            "finetune --model m.safetensors --labels 1 --dropout 0.5 --decay 0.01 --verbose",
            "table1 --regimes 1,2.5% --epochs 5,swta=1",
            "table2 --budget 2 --seeds 3",
            "search --space rate=1e-3,0.01 dropout=0,0.5 --trials 9 --seeds 2",
            "retrieve --model m.safetensors --distance cosine",
            "classify --model m.safetensors --csv a.png photos",
            "similar --model m.safetensors --index photos --k 5 --layer pool1 --html x.html a.png",
            "embed --model m.safetensors --out f.npy --pool 2 photos",
            "export --model m.safetensors --onnx m.onnx",
            "readout --train a.npy --test b.csv --labels 5% --read-out knn --power 1"
                + " --raw-features",
            "compare a b --html c.html",
            "data get cifar10",
            "verify",
            "help run")
        .map(line -> line.replace(' ', '\n').getBytes(UTF_8))
        .toList();
  }

  @Override
  protected void parse(byte[] input) {
    StringWriter err = new StringWriter();
    program.setErr(new PrintWriter(err));
    // No system passes on a word with a zero byte.
    String line = new String(input, UTF_8).replace('\0', ' ');
    int code = Main.execute(program, line.split("\n", -1));
    if (code != 0) {
      assertEquals(Failures.USAGE, code, err::toString);
      String sentence = err.toString();
      assertEquals(1, sentence.lines().count(), sentence);
      assertTrue(sentence.startsWith("fasthebb: ") && !namesException(sentence, input), sentence);
    }
  }

  @Override
  protected boolean isRefusal(Exception e) {
    return false;
  }
}
