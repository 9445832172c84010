import { Anchor, Code } from '@mantine/core';
import { createElement, Fragment, type ReactNode, useMemo } from 'react';
import { type Block, type Inline, parseMarkdown } from './parse-markdown.ts';

/** A stranger's Markdown. It becomes elements, never HTML text, so there is nothing to inject into. */
export function Markdown({ text }: { text: string }) {
  const blocks = useMemo(() => parseMarkdown(text), [text]);
  return <div className="prose">{blocks.map(showBlock)}</div>;
}

function showBlock(block: Block, key: number): ReactNode {
  switch (block.kind) {
    case 'heading':
      // The page has its own h1, so a document's headings begin one lower.
      return createElement(`h${Math.min(6, block.level + 1)}`, { key }, block.inside.map(showInline));
    case 'paragraph':
      return <p key={key}>{block.inside.map(showInline)}</p>;
    case 'code':
      return (
        <Code block key={key} tabIndex={0}>
          {block.text}
        </Code>
      );
    case 'list': {
      const items = block.items.map(showItem);
      return block.ordered ? <ol key={key}>{items}</ol> : <ul key={key}>{items}</ul>;
    }
    case 'quote':
      return <blockquote key={key}>{block.blocks.map(showBlock)}</blockquote>;
    case 'table':
      return (
        <table key={key}>
          <thead>
            <tr>{block.head.map(showHead)}</tr>
          </thead>
          <tbody>{block.rows.map(showRow)}</tbody>
        </table>
      );
    case 'rule':
      return <hr key={key} />;
  }
}

// A document does not change while it is shown, so a part's place in it is a good key.
function showItem(item: Inline[], key: number): ReactNode {
  return <li key={key}>{item.map(showInline)}</li>;
}
function showHead(cell: Inline[], key: number): ReactNode {
  return <th key={key}>{cell.map(showInline)}</th>;
}
function showCell(cell: Inline[], key: number): ReactNode {
  return <td key={key}>{cell.map(showInline)}</td>;
}
function showRow(row: Inline[][], key: number): ReactNode {
  return <tr key={key}>{row.map(showCell)}</tr>;
}

function showInline(node: Inline, key: number): ReactNode {
  switch (node.kind) {
    case 'text':
      return <Fragment key={key}>{node.text}</Fragment>;
    case 'code':
      return <Code key={key}>{node.text}</Code>;
    case 'strong':
      return <strong key={key}>{node.inside.map(showInline)}</strong>;
    case 'em':
      return <em key={key}>{node.inside.map(showInline)}</em>;
    case 'link':
      return (
        <Anchor key={key} href={node.href} target="_blank" rel="noopener noreferrer nofollow" underline="always">
          {node.inside.map(showInline)}
        </Anchor>
      );
  }
}
