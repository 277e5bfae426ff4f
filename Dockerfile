# Reelmark in a container, to mark a class wherever Docker runs. How to build and
# run it, and with which options, is in README.md, "In a container".
#
# The image holds the solutions and the hidden checks: never publish it.

# The version of Python that the lock file was resolved for.
FROM python:3.11-slim-bookworm AS libraries
COPY requirements.lock /opt/
# An environment without pip of its own: the base's pip fills it from outside.
# The base comes without byte code; compiled here, no start has to do it again.
RUN python -m venv --without-pip /opt/reelmark \
 && pip --python /opt/reelmark/bin/python install --no-cache-dir \
      --disable-pip-version-check --require-hashes --requirement /opt/requirements.lock \
 && /opt/reelmark/bin/python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))' \
      | xargs /opt/reelmark/bin/python -m compileall -q -x '/(test|tests|lib2to3)/'

# A stage of its own, so that nothing of the build stays in the image.
FROM libraries AS engine
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY autograder autograder
RUN pip --python /opt/reelmark/bin/python install --no-cache-dir \
      --disable-pip-version-check --no-deps --no-build-isolation --prefix /engine .

FROM libraries
# Whoever runs the container (`--user`) has no account in it, and no home.
ENV PATH=/opt/reelmark/bin:$PATH \
    HOME=/tmp \
    REELMARK_COURSEWORK=/coursework
COPY --from=engine /engine /opt/reelmark
COPY pyproject.toml /coursework/
COPY assignment /coursework/assignment
COPY solutions /coursework/solutions
COPY tests/public /coursework/tests/public
COPY tests/hidden /coursework/tests/hidden
COPY tests/support /coursework/tests/support
COPY fixtures /coursework/fixtures
# The root may be read-only, so nothing is to be written beside a source file.
ENV PYTHONDONTWRITEBYTECODE=1
WORKDIR /tmp
# `docker stop` is Ctrl-C: the same command continues where it stopped.
STOPSIGNAL SIGINT
ENTRYPOINT ["reelmark"]
CMD ["--help"]
