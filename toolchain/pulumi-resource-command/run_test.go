package main

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func ptr[T any](v T) *T { return &v }

func TestRunKeepsOutputWithoutOneNewline(t *testing.T) {
	var s State
	if err := s.run(t.Context(), ptr(`printf 'a\n\n'; echo b >&2`)); err != nil {
		t.Fatal(err)
	}
	if s.Stdout != "a\n" || s.Stderr != "b" {
		t.Errorf("stdout %q, stderr %q", s.Stdout, s.Stderr)
	}
}

func TestRunTakesInputs(t *testing.T) {
	s := State{Stdout: "before", Inputs: Inputs{
		Dir:         ptr("/"),
		Environment: &map[string]string{"NAME": "value"},
		Interpreter: &[]string{"/bin/sh", "-e", "-c"},
		Stdin:       ptr("in"),
	}}
	if err := s.run(t.Context(), ptr(`echo "$PWD $NAME $(cat) $PULUMI_COMMAND_STDOUT"`)); err != nil {
		t.Fatal(err)
	}
	if want := "/ value in before"; s.Stdout != want {
		t.Errorf("stdout %q, want %q", s.Stdout, want)
	}
}

func TestRunHidesPreviousOutputOnDemand(t *testing.T) {
	s := State{Stdout: "before", Inputs: Inputs{AddPreviousOutputInEnv: ptr(false)}}
	if err := s.run(t.Context(), ptr(`echo "${PULUMI_COMMAND_STDOUT-unset}"`)); err != nil {
		t.Fatal(err)
	}
	if s.Stdout != "unset" {
		t.Errorf("stdout %q", s.Stdout)
	}
}

func TestRunFailsWithEverythingPrinted(t *testing.T) {
	s := State{Stdout: "before"}
	err := s.run(t.Context(), ptr(`echo out; echo err >&2; exit 3`))
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"exit status 3", "out\n", "err\n"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %q", want, err)
		}
	}
	if s.Stdout != "before" {
		t.Errorf("stdout %q, want it untouched", s.Stdout)
	}
}

// The grandchild holds the pipes: run returns early only if the whole group is killed, not the shell alone.
func TestRunKillsTheGroup(t *testing.T) {
	for _, command := range []string{`sleep 60; true`, `sleep 60 & exit 0`} {
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		defer cancel()
		start := time.Now()
		err := (&State{}).run(ctx, &command)
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%q took %v", command, took)
		}
		if command == `sleep 60; true` && !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%q: %v, want the deadline", command, err)
		}
	}
}

func TestLineLoggerPassesLongLines(t *testing.T) {
	var lines []string
	l := lineLogger{log: func(line string) { lines = append(lines, line) }}
	long := strings.Repeat("x", 200_000)
	for _, part := range []string{"a\nb", "c\n", long, "\nlast"} {
		if _, err := l.Write([]byte(part)); err != nil {
			t.Fatal(err)
		}
	}
	l.flush()
	if got := strings.Join(lines, "|"); got != "a|bc|"+long+"|last" {
		t.Errorf("%d lines, %.20q", len(lines), got)
	}
}
