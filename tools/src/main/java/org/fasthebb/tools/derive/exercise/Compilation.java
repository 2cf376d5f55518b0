package org.fasthebb.tools.derive.exercise;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.fasthebb.engine.Backend;
import org.fasthebb.hebb.HebbianRule;

/**
 * The result of compiling one source file in memory, beside the classes of the engine and the
 * rules.
 *
 * @param classes the classes' bytes, by binary name; none if there are problems
 * @param problems what the compiler refuses
 */
record Compilation(Map<String, byte[]> classes, List<Problem> problems) {
  /**
   * What the compiler refuses.
   *
   * @param line from 1
   */
  record Problem(long line, String message) {}

  /** Compiles a source file of a package of the program. */
  static Compilation of(String file, String source) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new IllegalStateException(
          "this Java has no compiler; install a JDK and name its folder in FASTHEBB_JAVA_HOME");
    }
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    Map<String, ByteArrayOutputStream> written = new HashMap<>();
    // Jars of modules are given as a class path: there the file may join any package.
    String path =
        Stream.of(Backend.class, HebbianRule.class)
            .map(Compilation::home)
            .collect(Collectors.joining(File.pathSeparator));
    List<String> options = List.of("-proc:none", "-nowarn", "-g", "-classpath", path);
    try (JavaFileManager files =
        new InMemory(compiler.getStandardFileManager(found, Locale.ROOT, null), written)) {
      boolean fine =
          compiler
              .getTask(null, files, found, options, null, List.of(new SourceText(file, source)))
              .call();
      Map<String, byte[]> classes = new HashMap<>();
      if (fine) {
        written.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
      }
      List<Problem> problems =
          found.getDiagnostics().stream()
              .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
              .map(each -> new Problem(each.getLineNumber(), each.getMessage(Locale.ROOT)))
              .toList();
      return new Compilation(classes, problems);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder or jar of a class. */
  private static String home(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class SourceText extends SimpleJavaFileObject {
    private final String text;

    SourceText(String file, String text) {
      super(URI.create("string:///" + file), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /** Keeps what the compiler writes. */
  private static final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ByteArrayOutputStream> written;

    InMemory(JavaFileManager files, Map<String, ByteArrayOutputStream> written) {
      super(files);
      this.written = written;
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("string:///" + className), kind) {
        @Override
        public OutputStream openOutputStream() {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          written.put(className, bytes);
          return bytes;
        }
      };
    }
  }
}
