import { MultiSelect, NumberInput, Select, Switch, TagsInput, Textarea, TextInput } from '@mantine/core';
import type { WidgetProps } from '@rjsf/utils';
import { useText } from '../language/use-text.tsx';
import { SecretWidget } from './secret-widget.tsx';

/** What every input gets of its field. */
export function shared({ name, label, schema, required, rawErrors, disabled, readonly, options }: WidgetProps) {
  return {
    name,
    label,
    description: options.description ?? schema.description,
    error: rawErrors?.length ? rawErrors.join(' ') : null,
    required: (required ?? false) && options.nested !== true,
    withAsterisk: required ?? false,
    disabled: disabled || readonly || false,
  };
}

function TextWidget(props: WidgetProps) {
  const { value, schema, onChange, placeholder } = props;
  const example = schema.examples as unknown[] | undefined;
  return (
    <TextInput
      {...shared(props)}
      placeholder={placeholder || (example?.length ? String(example[0]) : undefined)}
      value={typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value)}
      onChange={(event) => onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
    />
  );
}

function LongWidget(props: WidgetProps) {
  return (
    <Textarea
      {...shared(props)}
      autosize
      minRows={3}
      maxRows={12}
      value={props.value ?? ''}
      onChange={(event) => props.onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
    />
  );
}

function NumberWidget(props: WidgetProps) {
  const { schema, value, onChange } = props;
  const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== 'null') : schema.type;
  return (
    <NumberInput
      {...shared(props)}
      value={typeof value === 'number' ? value : ''}
      allowDecimal={type !== 'integer'}
      // What is out of bounds is told by the host, not silently bent.
      clampBehavior="none"
      onChange={(next) => onChange(typeof next === 'number' ? next : undefined)}
    />
  );
}

function FlagWidget(props: WidgetProps) {
  const { withAsterisk: _asterisk, ...rest } = shared(props);
  return (
    <Switch
      {...rest}
      required={false}
      checked={props.value === true}
      onChange={(event) => props.onChange(event.currentTarget.checked)}
    />
  );
}

function ChoiceWidget(props: WidgetProps) {
  const values = props.schema.enum as (string | number)[] | undefined;
  // A choice between forms is of neither kind of list of values, and no form at all would be no choice.
  const isOfForms = values === undefined && !props.schema.oneOf && !props.schema.anyOf;
  const options = props.options.enumOptions ?? (values ?? []).map((value) => ({ value, label: String(value) }));
  return (
    <Select
      {...shared(props)}
      data={options.map(({ value, label }) => ({ value: String(value), label }))}
      value={props.value === undefined || props.value === null ? null : String(props.value)}
      clearable={!props.required && !isOfForms}
      allowDeselect={!isOfForms}
      onChange={(chosen) => props.onChange(options.find(({ value }) => String(value) === chosen)?.value)}
    />
  );
}

function ChoicesWidget(props: WidgetProps) {
  const items = props.schema.items as { enum?: unknown[] } | undefined;
  return (
    <MultiSelect
      {...shared(props)}
      data={(items?.enum ?? []).map(String)}
      value={Array.isArray(props.value) ? props.value.map(String) : []}
      onChange={props.onChange}
    />
  );
}

function TextsWidget(props: WidgetProps) {
  const { t } = useText();
  return (
    <TagsInput
      {...shared(props)}
      placeholder={t('form.texts')}
      acceptValueOnBlur
      value={Array.isArray(props.value) ? props.value.map(String) : []}
      onChange={props.onChange}
    />
  );
}

/** The inputs by the names that `formSchema` gives them. */
export const widgets = {
  secret: SecretWidget,
  choice: ChoiceWidget,
  flag: FlagWidget,
  number: NumberWidget,
  long: LongWidget,
  texts: TextsWidget,
  choices: ChoicesWidget,
  text: TextWidget,
  // For fields that a form grows, e.g. those of `additionalProperties`.
  TextWidget,
  CheckboxWidget: FlagWidget,
  SelectWidget: ChoiceWidget,
};
